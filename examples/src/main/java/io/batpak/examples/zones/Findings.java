package io.batpak.examples.zones;

import java.io.PrintStream;

/// Counts what was compared and what was not as expected; the first few differences are printed.
final class Findings {

  private static final long PRINTED_MAX = 10;

  private final PrintStream out;
  private long checked;
  private long mismatches;

  Findings(PrintStream out) {
    this.out = out;
  }

  /// Compares.
  ///
  /// @param subject what is compared, for the message
  void check(Object expected, Object found, String subject) {
    checked++;
    if (!expected.equals(found)) {
      mismatch(subject + ": " + found + ", expected " + expected);
    }
  }

  /// Compares numbers; the subject is only put into words if they differ.
  void check(long expected, long found, String subject, Object of) {
    checked++;
    if (expected != found) {
      mismatch(subject + " " + of + ": " + found + ", expected " + expected);
    }
  }

  /// Notes something that must not be.
  void mismatch(String what) {
    mismatches++;
    if (mismatches <= PRINTED_MAX) {
      out.println("   MISMATCH " + what);
    }
  }

  long checked() {
    return checked;
  }

  long mismatches() {
    return mismatches;
  }
}
