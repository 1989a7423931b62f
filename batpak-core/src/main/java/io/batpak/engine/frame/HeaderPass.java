package io.batpak.engine.frame;

/// Passes over MessagePack values of a header: one loop over locals, since readers of payloads do
/// nothing else with the header.
final class HeaderPass {

  private HeaderPass() {}

  /// {@return the offset behind some values, or -1 if they are not all there or not of a header}
  ///
  /// @param body holds them
  /// @param start where the first one begins
  /// @param end where they must end at the latest
  /// @param count how many
  // ReadBench.typedStream
  static int behind(byte[] body, int start, int end, int count) {
    int at = start;
    int pending = count;
    while (pending > 0) {
      if (at >= end || at < 0) {
        return -1;
      }
      int head = body[at] & 0xFF;
      at++;
      pending--;
      if (head >= 0xA0 && head < 0xC0) {
        at += head & 0x1F;
      } else if (head >= 0x80 && head < 0xE0) {
        if (head < 0x90) {
          pending += 2 * (head & 0x0F);
        } else if (head < 0xA0) {
          pending += head & 0x0F;
        } else {
          int length = length(body, at, end, head);
          if (length < 0) {
            return -1;
          }
          at += length;
          pending += inside(body, at, head);
        }
      }
    }
    return at <= end && at >= 0 ? at : -1;
  }

  /// How long a value is behind its head; -1 if it cannot stand in a header, or its length cannot.
  private static int length(byte[] body, int at, int end, int head) {
    return switch (head) {
      case 0xC0, 0xC2, 0xC3 -> 0;
      case 0xCC, 0xD0 -> 1;
      case 0xCD, 0xD1, 0xDC, 0xDE -> 2;
      case 0xCA, 0xCE, 0xD2 -> 4;
      case 0xCB, 0xCF, 0xD3 -> 8;
      case 0xC4, 0xD9 -> at + 1 > end ? -1 : 1 + (body[at] & 0xFF);
      case 0xC5, 0xDA -> at + 2 > end ? -1 : 2 + wide(body, at);
      case 0xC6, 0xDB -> at + 4 > end || body[at] < 0 ? -1 : 4 + bounded(body, at);
      default -> -1;
    };
  }

  /// How many values stand inside a value of the wide form, whose count stands before an offset.
  private static int inside(byte[] body, int at, int head) {
    return switch (head) {
      case 0xDC -> at > body.length ? 0 : wide(body, at - 2);
      case 0xDE -> at > body.length ? 0 : 2 * wide(body, at - 2);
      default -> 0;
    };
  }

  private static int wide(byte[] body, int at) {
    return (body[at] & 0xFF) << 8 | body[at + 1] & 0xFF;
  }

  /// A length that no header has stands for all of them.
  private static int bounded(byte[] body, int at) {
    return Math.min(wide(body, at) << 16 | wide(body, at + 2), FrameLayout.BODY_BYTES_MAX);
  }

  /// {@return the unsigned integer of at most 16 bits at an offset, in whatever form; -1 if it is
  /// another value}
  static int number(byte[] body, int at) {
    int head = body[at] & 0xFF;
    long value =
        switch (head) {
          case 0xCC -> body[at + 1] & 0xFF;
          case 0xD0 -> body[at + 1];
          case 0xCD -> wide(body, at + 1);
          case 0xD1 -> (short) wide(body, at + 1);
          case 0xD2 -> wide(body, at + 1) << 16 | wide(body, at + 3);
          case 0xCE -> (long) wide(body, at + 1) << 16 | wide(body, at + 3);
          case 0xCF, 0xD3 ->
              wide(body, at + 1) != 0 || wide(body, at + 3) != 0
                  ? -1
                  : (long) wide(body, at + 5) << 16 | wide(body, at + 7);
          default -> head < 0x80 ? head : -1;
        };
    return value < 0 || value > 0xFFFF ? -1 : (int) value;
  }
}
