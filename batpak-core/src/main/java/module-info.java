/// An embedded, sync-first event store.
module io.batpak {
  requires transitive io.batpak.annotations;
  requires static transitive org.jspecify;

  exports io.batpak.event;
  exports io.batpak.failure;
  exports io.batpak.payload;

  uses io.batpak.payload.PayloadCodec;
}
