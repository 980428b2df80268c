"""Who of the six million people of the ten million contacts is a member: a sixth, a million, each with a consent."""

_NEW = "FROM people WHERE id > :first AND id <= :last + 1 AND member_since IS NOT NULL"
MEMBERS = (
    "INSERT INTO consents (id, person_id, line_id, number, at, wording, version, language, address, browser)"
    " SELECT id, id, line_id, number, first_at, 'I agree that Ada Example may text me at this number.', 'abcdef012345',"
    f" language, '192.0.2.7', 'Firefox' {_NEW}",
    "INSERT INTO members (person_id, line_id, name, gender, born, city, city_key, email, country, language, consent_id,"
    " joined_at, changed_at, silenced) SELECT id, line_id, 'Given' || id % 5000 || ' Family ' || id,"
    " iif(id % 5, 'female', 'male'), date('now', '-13 years', '-' || id % 20000 || ' days'), 'Town ' || id % 300,"
    " 'town ' || id % 300, 'x' || id || '@example.org', country, language, iif(opted_out_at IS NULL, id, NULL),"
    f" first_at, first_at, opted_out_at IS NOT NULL {_NEW}",
)
