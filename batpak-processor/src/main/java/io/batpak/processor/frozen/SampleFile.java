package io.batpak.processor.frozen;

import io.batpak.processor.model.PayloadModel;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/// The text form of samples: a comment, then one line of hexadecimal digits for each.
public final class SampleFile {

  private SampleFile() {}

  /// {@return the name of the file of a payload}
  ///
  /// @param payload the model
  public static String name(PayloadModel payload) {
    return payload.name().qualifiedName() + ".v" + payload.key().version() + ".hex";
  }

  /// {@return the text of the file}
  ///
  /// @param payload the model
  /// @param samples each one MessagePack value
  public static String render(PayloadModel payload, List<byte[]> samples) {
    return """
    # Stored events of %s, kind %s version %d, as samples. Written once; keep it as it is.
    %s
    """
        .formatted(
            payload.name(),
            payload.key().kind(),
            payload.key().version(),
            samples.stream().map(HexFormat.of()::formatHex).collect(Collectors.joining("\n")));
  }

  /// {@return the samples of a file}
  ///
  /// @param text its text
  /// @throws IllegalArgumentException if a line is not hexadecimal, or there is none
  public static List<byte[]> parse(String text) {
    List<byte[]> samples =
        text.lines()
            .filter(line -> !line.isBlank() && !line.startsWith("#"))
            .map(line -> HexFormat.of().parseHex(line.strip()))
            .toList();
    if (samples.isEmpty()) {
      throw new IllegalArgumentException("it has no sample");
    }
    return samples;
  }
}
