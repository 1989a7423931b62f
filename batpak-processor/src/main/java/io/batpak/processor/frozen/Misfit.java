package io.batpak.processor.frozen;

/// Why a sample no longer decodes.
///
/// @param field dotted from the payload
/// @param reason what was found and what the model expects
public record Misfit(String field, String reason) {

  /// {@return the component of the payload that the field is, or is within}
  public String component() {
    int dot = field.indexOf('.');
    return dot < 0 ? field : field.substring(0, dot);
  }
}
