package io.batpak.benches;

/// What is measured of a store beside the load. Values by name, in this unit.
enum Surface {
  OPEN_CLEAN("open, closed before", "s"),
  OPEN_KILLED("open, killed before", "s"),
  HEAP("heap after open", "MiB"),
  GET("get(id), typed, sealed segments", "ns"),
  STREAM("stream of an entity, metadata, per event", "ns"),
  QUERY("query of a namespace, metadata, per hit", "ns"),
  PAYLOAD("typed payloads of a stream, per event", "ns"),
  CONDITION_SINCE("append if no event has a tag since a read, over a plain one", "ns"),
  CONDITION_EVER("append if no event ever had a tag, over a plain one", "ns"),
  KEY("append with a new idempotency key, over a plain one", "ns"),
  WAITERS("append while 1 000 wait for a position far ahead, over a plain one", "ns"),
  FOLD("fold over typed payloads", "M/s"),
  BYTES("on disk, per event", "B");

  private final String label;
  private final String unit;

  Surface(String label, String unit) {
    this.label = label;
    this.unit = unit;
  }

  String label() {
    return label;
  }

  String unit() {
    return unit;
  }
}
