/// Reads annotated payload records and writes their codecs.
module io.batpak.processor {
  requires io.batpak.annotations;
  requires java.compiler;
  requires static org.jspecify;

  provides javax.annotation.processing.Processor with
      io.batpak.processor.PayloadProcessor;
}
