package io.batpak.event;

import io.batpak.failure.InvalidName;
import io.batpak.failure.LimitExceeded;
import java.util.Objects;

/// The rules for names: entities, scopes, tags.
public final class Names {

  /// What the library's own entities and scopes start with.
  public static final String RESERVED_PREFIX = "batpak:";

  private Names() {}

  /// Refuses a name that breaks the rules.
  ///
  /// @param field what the name is, for the message
  /// @param name the name
  /// @param bytesMax the longest accepted, in bytes of UTF-8
  /// @return the length of the name in bytes of UTF-8
  /// @throws InvalidName if it is empty, has control characters or unpaired surrogates
  /// @throws LimitExceeded if it is too long
  public static int check(String field, String name, int bytesMax) {
    int length = Objects.requireNonNull(name, field).length();
    if (length == 0) {
      throw new InvalidName(field, "is empty; give it at least one character");
    }
    int bytes = 0;
    for (int i = 0; i < length; i++) {
      char c = name.charAt(i);
      if (c < 0x20 || c >= 0x7F && c < 0xA0) {
        throw new InvalidName(
            field, String.format("has the control character U+%04X at index %d", (int) c, i));
      }
      if (c < 0x80) {
        bytes += 1;
      } else if (c < 0x800) {
        bytes += 2;
      } else if (!Character.isSurrogate(c)) {
        bytes += 3;
      } else if (Character.isHighSurrogate(c)
          && i + 1 < length
          && Character.isLowSurrogate(name.charAt(i + 1))) {
        bytes += 4;
        i++;
      } else {
        throw new InvalidName(
            field, String.format("has the unpaired surrogate U+%04X at index %d", (int) c, i));
      }
    }
    if (bytes > bytesMax) {
      throw new LimitExceeded(field + " bytes", bytesMax, bytes);
    }
    return bytes;
  }
}
