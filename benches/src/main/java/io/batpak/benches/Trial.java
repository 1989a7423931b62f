package io.batpak.benches;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.HdrHistogram.Histogram;

/// The child: one subject in one shape, once, in a JVM that did nothing before.
///
/// Prints one line, {@link #PREFIX} and a JSON object. Any exception ends it with its stack trace.
public final class Trial {

  /// What stands before the result on its line; subjects print lines of their own.
  static final String PREFIX = "TRIAL ";

  private Trial() {}

  /// Runs it.
  ///
  /// @param arguments subject, shape, milliseconds of warm-up, milliseconds measured, cap of bytes,
  ///   directory
  /// @throws Exception whatever stopped it
  public static void main(String[] arguments) throws Exception {
    Entrant entrant = Entrants.named(arguments[0]);
    Shape shape = Shape.of(arguments[1]);
    Duration warmUp = Duration.ofMillis(Long.parseLong(arguments[2]));
    Duration measured = Duration.ofMillis(Long.parseLong(arguments[3]));
    long eventsMax = Long.parseLong(arguments[4]) / entrant.bytesPerEvent();
    Path directory = Path.of(arguments[5]);
    Measure measure = run(entrant, shape, warmUp, measured, eventsMax, directory);
    System.out.println(PREFIX + Json.text(measure.members()));
    System.out.flush();
    // a peer may leave threads behind that are no daemons
    System.exit(0);
  }

  private static Measure run(
      Entrant entrant,
      Shape shape,
      Duration warmUp,
      Duration measured,
      long eventsMax,
      Path directory)
      throws Exception {
    Load.Pass pass;
    long events;
    long eventsRead;
    long readNanos;
    long bytesBefore = bytesBelow(directory);
    try (Subject subject = entrant.opening().open(directory, shape)) {
      Load load = new Load(subject, shape);
      long warmEvents = load.run(warmUp, share(eventsMax, warmUp, measured)).events();
      subject.warmedUp();
      pass = load.run(measured, Math.min(eventsMax - warmEvents, subject.room()));
      events = warmEvents + pass.events();
      long from = System.nanoTime();
      eventsRead = subject.readAll();
      readNanos = System.nanoTime() - from;
      long held = subject.eventsAtOpen();
      if (eventsRead != held + events) {
        throw new IllegalStateException(
            "held %d events, appended %d, read back %d".formatted(held, events, eventsRead));
      }
    }
    double bytesPerEvent = (double) (bytesBelow(directory) - bytesBefore) / events;
    return measure(pass, (double) readNanos / eventsRead, bytesPerEvent);
  }

  /// The part of the cap that the warm-up may use up: its part of the time.
  private static long share(long eventsMax, Duration warmUp, Duration measured) {
    return eventsMax * warmUp.toMillis() / warmUp.plus(measured).toMillis();
  }

  private static Measure measure(Load.Pass pass, double readNanos, double bytesPerEvent) {
    Histogram latencies = pass.latencies();
    double events = pass.events();
    if (events == 0) {
      throw new IllegalStateException("no append returned in the measured time");
    }
    OptionalLong callerCpuNanos = pass.callerCpuNanos();
    return new Measure(
        events * 1e9 / pass.nanos(),
        latencies.getValueAtPercentile(50) / 1e3,
        latencies.getValueAtPercentile(99) / 1e3,
        latencies.getValueAtPercentile(99.9) / 1e3,
        latencies.getMaxValue() / 1e3,
        pass.used().allocatedBytes() / events,
        pass.used().cpuNanos() / events,
        callerCpuNanos.isEmpty()
            ? OptionalDouble.empty()
            : OptionalDouble.of(callerCpuNanos.getAsLong() / events),
        readNanos,
        bytesPerEvent);
  }

  /// {@return bytes of all files below a directory}
  ///
  /// Blocks on disk and not lengths, because peers lay out sparse files.
  static long bytesBelow(Path directory) throws IOException, InterruptedException {
    Process du =
        new ProcessBuilder("du", "-sk", directory.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String line = new String(du.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (du.waitFor() != 0) {
      throw new IOException("du -sk " + directory + " failed");
    }
    return Long.parseLong(line.substring(0, line.indexOf('\t'))) * 1024;
  }
}
