/// An embedded, sync-first event store.
module io.batpak {
  requires transitive io.batpak.annotations;
  requires static transitive org.jspecify;
  requires jdk.jfr;

  exports io.batpak;
  exports io.batpak.config;
  exports io.batpak.event;
  exports io.batpak.evidence;
  exports io.batpak.failure;
  exports io.batpak.payload;
  exports io.batpak.query;

  uses io.batpak.payload.PayloadCodec;
}
