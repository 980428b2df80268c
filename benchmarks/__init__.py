"""What Third Ring can do, as ratios measured in one run: `python -m benchmarks`.

    webhooks        the requests, signed and ready as bytes
    client          connections to a server that never block
    loads           when the next request is sent: as soon as there is an answer, or at random moments
    generator       a load, run in a process of its own
    contestants     the servers: ours, and two to compare it with (`constant`, `plain`)
    throughput, arrivals, kills, memory, greeting        one figure each
    the_log         what is in the log afterwards
    the_console     pages, searches, exports, and operators beside the webhooks, with millions of contacts
    ten_million     how those are made; `places` and `vocabulary` say who writes what
    browser, questions, days, exports, watching          an operator: the session, what is asked, taken out, followed
    recordings      a recording made fit for the telephone; `voices` to measure it with
    machine, report what it was measured on, and how it is told

Absolute figures belong to a machine; only the ratios can be compared.
"""
