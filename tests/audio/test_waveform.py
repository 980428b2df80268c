"""The picture of a recording."""

from sounds import pcm, syllables, tone

from audio.waveform import COLUMNS, HIGHEST, columns


def test_the_loudest_part_is_drawn_full_and_silence_not_at_all() -> None:
    drawn = columns(pcm([*[0.0] * 8000, *tone(1, 400, 0.1, 8000), *tone(1, 400, 0.4, 8000)]))
    assert len(drawn) == COLUMNS
    assert set(drawn[:53]) == {0}
    assert set(drawn[54:106]) == {HIGHEST // 2}
    assert set(drawn[108:]) == {HIGHEST}


def test_a_faint_voice_is_drawn_like_a_loud_one() -> None:
    faint, loud = (columns(pcm(syllables(5, amplitude))) for amplitude in (0.02, 0.8))
    assert max(abs(one - other) for one, other in zip(faint, loud, strict=True)) <= 3


def test_silence_the_last_bit_and_next_to_nothing_are_drawn_flat() -> None:
    assert set(columns(bytes(16000))) == {0}
    assert max(columns(pcm(tone(1, 400, 1 / 32768, 8000)))) <= HIGHEST // 4
    for samples in range(4):
        assert len(columns(bytes(2 * samples))) == COLUMNS
