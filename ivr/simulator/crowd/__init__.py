"""The crowd: thousands of people who call and text within a minute, each as a carrier would deliver them.

It runs as a program of its own (`python -m ivr.simulator.crowd`), so that it has a core to itself and the simulator
goes on answering; `running.py` starts it and reads what it tells, a line of JSON a second.

    plan.py         how many, how long, from where, against which line of this machine
    people.py       who they are; sayings.py what they write; curve.py when they come
    forms.py        their webhooks as signed bytes; connections.py the wire
    courses.py      what becomes of a contact: its webhook, repetitions, keys, status callbacks
    generator.py    all of it, in the course of time
    counting.py     what was seen, second by second; proof.py whether all numbers agree
    crowds.py       the crowd of one simulator: at most one at a time

The benchmarks have a generator of their own (`benchmarks/client.py`): theirs must take as little of the machine as
possible, so it reads no answers and has its requests ready; this one reads every answer and goes on from it.
"""
