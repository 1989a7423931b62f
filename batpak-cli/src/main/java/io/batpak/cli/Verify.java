package io.batpak.cli;

import io.batpak.LogVerifier;
import io.batpak.evidence.Verification;
import io.batpak.evidence.Verification.Remedy;
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
    row(
        out,
        found.eventHashes(),
        "hashes",
        "of each header and payload, computed for the next two");
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
                    + JsonText.visible(tail)
                    + "; no surviving frame says that any of it was durable; opening the store cuts"
                    + " it")
            .orElse("end      clean"));
    if (found.sound()) {
      out.println("result   sound");
      return Status.FINE;
    }
    long count = found.problems().size() + found.problemsOmitted();
    boolean otherFormat =
        found.problemsOmitted() == 0
            && found.problems().stream()
                .map(Verification.Problem::remedy)
                .allMatch(remedy -> remedy == Remedy.UPGRADE || remedy == Remedy.CONVERT);
    String result = otherFormat ? "not all of it can be read, " : "damaged, ";
    out.println("result   " + result + count + (count == 1 ? " problem" : " problems"));
    for (Verification.Problem problem : found.problems()) {
      out.println("  " + JsonText.visible(problem));
      out.println("    what to do: " + advice(problem.remedy()));
    }
    if (found.problemsOmitted() > 0) {
      out.println("  and " + found.problemsOmitted() + " more");
    }
    return otherFormat ? Status.UNREADABLE : Status.DAMAGED;
  }

  private static String advice(Remedy remedy) {
    return switch (remedy) {
      case RESTORE -> "copy the directory away, then restore this file from a backup";
      case OPEN -> "nothing is lost; open the store, which writes it again";
      case NONE ->
          "nothing; no event is lost, the index is made from the frames each time the store opens";
      case REMOVE -> "move this file out of the directory; the store does not open with it";
      case UPGRADE -> "use the newer batpak; this is not damage";
      case CONVERT -> "convert it with an older batpak; this is not damage";
    };
  }

  private static void row(PrintStream out, long count, String name, String what) {
    out.println(String.format(Locale.ROOT, "  %,12d %-10s %s", count, name, what));
  }
}
