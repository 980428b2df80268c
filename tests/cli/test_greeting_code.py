"""ivr greeting code: it says what to do, and doing that with `ivr dial --say` puts a greeting live."""

from pathlib import Path

from dictation import speech
from running import ACCOUNT, NUMBER, TOKEN, environment, ivr, running, set_up

from ivr import provisioning
from ivr.carrier.rest import Carrier
from ivr.house import account_of
from ivr.simulator import Account, Simulator, serve


def test_a_code_is_printed_with_what_to_do_and_works(tmp_path: Path) -> None:
    with serve(Simulator(Account(ACCOUNT, TOKEN), [NUMBER])) as carrier:
        variables = environment(tmp_path, TWILIO_API_URL=carrier.url)
        with running(variables) as product:
            provisioning.provision(Carrier(account_of(product.settings)), product.settings, NUMBER, dry_run=False)
            said = ivr("greeting", "code", "--clip", "key-0", variables=variables, cwd=tmp_path).stdout
            assert f"call {NUMBER}, press * during the greeting" in said and "key-0.en" in said
            keys = f"*{said[:6]}#1"
            called = ivr("dial", "--keys", keys, "--say", str(speech(tmp_path)), variables=variables, cwd=tmp_path)
            assert "It is live." in called.stdout
            listed = ivr("greeting", "list", variables=variables, cwd=tmp_path).stdout
    assert listed.startswith("*") and "key-0.en version 1" in listed


def test_a_language_that_there_is_not_is_refused(tmp_path: Path) -> None:
    variables = environment(tmp_path)
    set_up(variables)
    refused = ivr("greeting", "code", "--language", "xx", variables=variables, cwd=tmp_path)
    assert refused.returncode != 0 and "language is one of" in refused.stderr
