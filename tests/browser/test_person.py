"""A person's page in a browser: a text is counted while it is typed, written, and taken back; all by keyboard."""

from browsing import NARROW, Desk, assert_accessible, assert_fits
from playwright.sync_api import expect

PERSON = "/console/people/1/+13125551210"


def test_a_text_is_counted_while_it_is_typed_and_taken_back(desk: Desk) -> None:
    with desk() as page:
        page.goto(PERSON)
        page.get_by_label("Your text").fill("Hello 😀")
        expect(page.locator("#text-count")).to_contain_text("1 message segment")
        expect(page.locator("#count")).to_be_hidden()
        page.get_by_role("button", name="Send in ten seconds").press("Enter")
        page.get_by_role("button", name="Undo").press("Enter")
        expect(page.get_by_text("It was taken back and does not go.")).to_be_visible()
        expect(page.locator(".story").get_by_text("Hello 😀")).to_be_visible()


def test_notes_tags_and_faults_are_accessible_and_fit_a_phone(desk: Desk) -> None:
    with desk("ar", color_scheme="dark", viewport=NARROW) as page:
        page.goto(PERSON)
        page.get_by_label("أضف وسماً").fill("صحافة")
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name="أزل الوسم صحافة")).to_be_visible()
        page.get_by_label("أضف ملاحظة").fill("قابلناه في المدرسة")
        page.locator("form:has(#note) button").click()
        expect(page.get_by_text("قابلناه في المدرسة")).to_be_visible()
        page.get_by_label("رسالتك").fill(" ")
        page.locator("form.writing .strong").click()
        expect(page.locator("#text-fault")).to_be_visible()
        assert_accessible(page)
        assert_fits(page)


def test_without_scripts_a_button_counts(desk: Desk) -> None:
    with desk(java_script_enabled=False) as page:
        page.goto(PERSON)
        page.get_by_label("Your text").fill("Hello")
        page.get_by_role("button", name="Count segments").click()
        expect(page.locator("#text-count")).to_contain_text("1 message segment")
        expect(page.get_by_label("Your text")).to_have_value("Hello")
