/// Annotations that describe payloads to the annotation processor. They carry no behaviour.
module io.batpak.annotations {
  exports io.batpak.annotations;
}
