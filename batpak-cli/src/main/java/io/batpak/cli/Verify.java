package io.batpak.cli;

import io.batpak.LogVerifier;
import io.batpak.evidence.Verification;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Says whether a store is as it was written, and what was looked at to know it.
final class Verify {

  private Verify() {}

  static int run(List<String> words, PrintStream out) {
    Arguments arguments = Arguments.parse(words, Set.of(), Set.of());
    Verification found = LogVerifier.verify(arguments.directory());
    out.println("verified " + arguments.directory());
    row(out, found.segments(), "segments", "their headers, and how they follow each other");
    row(out, found.frames(), "frames", "each sequence, time, id and batch");
    row(out, found.checksums(), "checksums", "of headers, frames and footers");
    row(out, found.contentHashes(), "payloads", "against their content hash");
    row(out, found.entities(), "chains", "one of each entity");
    row(out, found.links(), "links", "each clock and hash against the event before");
    row(out, found.footers(), "footers", "every column and posting against the frames");
    out.println(
        found
            .owner()
            .map(owner -> "owner    " + owner + ", live; what it appends meanwhile is left out")
            .orElse("owner    nobody"));
    out.println(
        found
            .tail()
            .map(tail ->
                "end      not closed cleanly: "
                    + tail
                    + "; nothing of it was promised as durable, opening the store cuts it")
            .orElse("end      clean"));
    if (found.sound()) {
      out.println("result   sound");
      return Status.FINE;
    }
    long count = found.problems().size() + found.problemsOmitted();
    out.println("result   damaged, " + count + (count == 1 ? " problem" : " problems"));
    for (Verification.Problem problem : found.problems()) {
      out.println("  " + problem);
    }
    if (found.problemsOmitted() > 0) {
      out.println("  and " + found.problemsOmitted() + " more");
    }
    out.println(
        "what to do: copy the directory away before anything else, then restore the files named"
            + " above from a backup; what is in front of the first of them can still be read");
    return Status.DAMAGED;
  }

  private static void row(PrintStream out, long count, String name, String what) {
    out.println(String.format(Locale.ROOT, "  %,12d %-10s %s", count, name, what));
  }
}
