/// An embedded, sync-first event store.
@SuppressWarnings("module") // the test kit is compiled later
module io.batpak {
  requires transitive io.batpak.annotations;
  requires static transitive org.jspecify;
  requires jdk.jfr;
  requires org.jctools.core;

  exports io.batpak;
  exports io.batpak.config;
  exports io.batpak.event;
  exports io.batpak.evidence;
  exports io.batpak.failure;
  exports io.batpak.payload;
  exports io.batpak.query;
  exports io.batpak.engine.platform to
      io.batpak.testkit;

  uses io.batpak.payload.PayloadCodec;
}
