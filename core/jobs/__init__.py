"""Background work: the transactional outbox, the worker that empties it, and schedules.

The truth is a row of `sys_job`, written in the business transaction; the queue library (huey) only rings the bell.
A bell that was lost is repaired by the sweep, a bell that rings twice finds nothing to do.
"""
