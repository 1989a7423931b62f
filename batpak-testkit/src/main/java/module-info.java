/// A store in memory that crashes, fails and keeps time as a test wants.
module io.batpak.testkit {
  requires transitive io.batpak;
  requires static transitive org.jspecify;

  exports io.batpak.testkit;
}
