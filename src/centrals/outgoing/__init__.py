"""Sending events to other systems: deliveries are claimed, read, sent, and tried again.

`models.outgoing.note` writes a delivery for each receiver that takes an event, in the transaction of what
happened. The worker here sends it after the commit, and tries again for some days. To add a kind of
receiver, such as one that gets a body of its choice:

1. Declare its model as a `Receiver` (`models/tables/delivery.py`), and name its table in `RECEIVERS`. Events
   are noted for its enabled rows from then on, by their columns `events`, `products` and `created_at`.
2. Add its function to `COMPOSERS` (`centrals/outgoing/parcel.py`). For a claimed delivery, it returns the
   `Parcel` to send: address, headers, body, and whether it was reduced. It reads what the receiver may get
   with `graph.export.event.event_data`, as the person whose authority counts. It returns None to drop the
   delivery, for example because that person has lost access. Nothing has to be signed.
3. If someone is to learn that it was disabled, add that to `DISABLED` (`centrals/outgoing/outcome.py`).

Claims, tries, limits for each receiver, time limits, checked addresses, and disabling are the same for all.
"""
