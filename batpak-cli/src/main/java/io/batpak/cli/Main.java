package io.batpak.cli;

import io.batpak.failure.Corrupt;
import io.batpak.failure.StoreException;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// The command line.
public final class Main {

  private static final int BUFFER_BYTES = 1 << 16;
  private static final long STOP_MILLIS = 1_000;

  private static final String HELP =
      """
      batpak: looks at event stores, and shows what one can do

        batpak demo [--dir DIR]              two centuries of time zones, checked against java.time
        batpak verify DIR                    reads every byte; says what is not as it was written
        batpak stats DIR                     what is in a store, and who owns it
        batpak tail DIR [-n N] [--follow]    the last N events (10); with --follow those to come
        batpak dump DIR [--entity E] [--json]
                                             all events, or those of one entity; one line each
        batpak bench [OPTIONS]               measures the store and its peers
        batpak help                          this

      A store's directory is only read: nothing is locked and nothing is changed, and a live writer
      is not disturbed.

      Exit status:
        0    done; what was looked at is sound
        1    no store there, or it cannot be read, or it is of a newer batpak
        2    the store is damaged; the output says where, and what to do
        64   the command was not understood
        130  interrupted
      """;

  private Main() {}

  /// Runs a command, and ends the process with its status.
  ///
  /// @param words the command line
  public static void main(String[] words) {
    stopOnInterrupt(Thread.currentThread());
    var out =
        new PrintStream(
            new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), BUFFER_BYTES),
            false,
            StandardCharsets.UTF_8);
    int status = run(List.of(words), out, System.err);
    out.flush();
    if (status != Status.FINE) {
      System.exit(status);
    }
  }

  /// An interrupt from the terminal ends the command between two lines, not within one.
  private static void stopOnInterrupt(Thread command) {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(() -> {
              command.interrupt();
              try {
                command.join(STOP_MILLIS);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            }));
  }

  /// Runs a command.
  ///
  /// @param words the command line
  /// @param out for what was asked for
  /// @param err for what is wrong
  /// @return the exit status
  public static int run(List<String> words, PrintStream out, PrintStream err) {
    try {
      return command(words, out, err);
    } catch (WrongUsage e) {
      err.println("batpak: " + e.getMessage());
      err.println();
      err.print(HELP);
      return Status.USAGE;
    } catch (Corrupt e) {
      out.flush();
      err.println("batpak: damaged");
      err.println("  file        " + e.file());
      err.println("  offset      " + e.offset());
      err.println("  sequence    " + (e.sequence() < 0 ? "not known" : e.sequence()));
      err.println("  found       " + e.reason());
      err.println(
          "  what to do  run batpak verify: it names every problem, and what to do about each");
      return Status.DAMAGED;
    } catch (StoreException e) {
      out.flush();
      err.println("batpak: " + e.getMessage());
      return Status.UNREADABLE;
    }
  }

  private static int command(List<String> words, PrintStream out, PrintStream err) {
    if (words.isEmpty()) {
      out.print(HELP);
      return Status.FINE;
    }
    List<String> rest = words.subList(1, words.size());
    if (Arguments.askForHelp(rest)) {
      out.print(usage(words.getFirst()));
      return Status.FINE;
    }
    return switch (words.getFirst()) {
      case "verify" -> Verify.run(rest, out);
      case "stats" -> Stats.run(rest, out);
      case "tail" -> Tail.run(rest, out);
      case "dump" -> Dump.run(rest, out, err);
      case "help", "--help", "-h" -> {
        out.print(HELP);
        yield Status.FINE;
      }
      default -> throw unknown(words.getFirst());
    };
  }

  private static String usage(String command) {
    return switch (command) {
      case "verify" ->
          """
          usage: batpak verify DIR

          Reads every byte of a store and says what is not as it was written, and what to do.
          """;
      case "stats" ->
          """
          usage: batpak stats DIR

          Says what is in a store, and who owns it.
          """;
      case "tail" ->
          """
          usage: batpak tail DIR [-n N] [--follow]

            -n N          the last N events; 10 if not said
            --follow, -f  then those to come, until it is interrupted
          """;
      case "dump" ->
          """
          usage: batpak dump DIR [--entity E] [--json]

            --entity E    only the events of this entity
            --json        one JSON object per line, with everything of the header
          """;
      case "help", "--help", "-h" -> HELP;
      default -> throw unknown(command);
    };
  }

  private static WrongUsage unknown(String command) {
    return new WrongUsage("unknown command " + command);
  }
}
