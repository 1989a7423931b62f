package io.batpak.processor;

import io.batpak.processor.read.Declaration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.List;
import javax.annotation.processing.Filer;
import javax.lang.model.element.Element;
import javax.tools.StandardLocation;

/// The file by which `ServiceLoader` finds the codecs: one line for each kind, its newest version.
///
/// It lists what this compilation saw. Gradle is told that the processor is aggregating and shows
/// it every payload each time; Maven compiles everything.
final class ServiceFile {

  private static final String NAME = "META-INF/services/io.batpak.payload.PayloadCodec";

  private ServiceFile() {}

  static void write(List<Declaration> heads, Filer filer) {
    if (heads.isEmpty()) {
      return;
    }
    Element[] origins = heads.stream().map(Declaration::element).toArray(Element[]::new);
    try (Writer out =
        filer.createResource(StandardLocation.CLASS_OUTPUT, "", NAME, origins).openWriter()) {
      for (String line : lines(heads)) {
        out.write(line + "\n");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A provider is named as the class loader knows it; a codec is never nested, so that is its
  /// plain name.
  private static List<String> lines(List<Declaration> heads) {
    return heads.stream()
        .map(head -> head.model().name().codec().qualifiedName())
        .sorted()
        .toList();
  }
}
