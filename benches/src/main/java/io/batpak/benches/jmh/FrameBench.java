package io.batpak.benches.jmh;

import io.batpak.engine.frame.FrameDraft;
import io.batpak.engine.frame.FrameEncoder;
import io.batpak.event.Coordinate;
import io.batpak.payload.MessageWriter;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// The two halves of a frame: what the caller does before the role, and what its holder does.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class FrameBench {

  private static final int ENCODER_BYTES_MAX = 1 << 20;
  private static final int KIND = 0x1001;

  private final Coordinate coordinate = new Coordinate("entity:77", "bench");
  private final byte[] body = body();
  private final FrameEncoder encoder = new FrameEncoder(ENCODER_BYTES_MAX);
  private final FrameEncoder.Stamp stamp = new FrameEncoder.Stamp();
  private final FrameDraft drafted = draft(coordinate, body);
  private long sequence = 1_000_000;

  /// Creates the state of one benchmark thread.
  public FrameBench() {}

  private static byte[] body() {
    byte[] body = new byte[100];
    new Random(1).nextBytes(body);
    return body;
  }

  /// {@return names, options and payload of an event}
  @Benchmark
  public FrameDraft draft() {
    return draft(coordinate, body);
  }

  private static FrameDraft draft(Coordinate coordinate, byte[] body) {
    var draft = new FrameDraft(coordinate, KIND, 1, 0);
    MessageWriter out = draft.plain(List.of());
    out.writeMapHeader(1);
    out.writeString("body");
    out.writeBinary(body);
    return draft;
  }

  /// {@return the length of a frame of 100 bytes of payload}
  @Benchmark
  public int encode() {
    encoder.clear();
    stamp.place(sequence++, sequence);
    stamp.time(0x0199_0000_0000_7000L + sequence, sequence, 3);
    stamp.recovery(0, 100);
    encoder.encode(drafted, stamp);
    return encoder.end();
  }
}
