package io.batpak.benches.jmh;

import io.batpak.annotations.EventPayload;
import io.batpak.benches.jmh.CodecBench.Placed;
import io.batpak.payload.Catalogue;
import io.batpak.payload.MessageReader;
import io.batpak.payload.MessageWriter;
import io.batpak.payload.PayloadCodec;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessageUnpacker;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// A record of six components to MessagePack and back: its generated codec beside msgpack-core,
/// which writes and reads the very same bytes.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class CodecBench {

  private static final int PAYLOAD_BYTES_MAX = 65_536;

  private final PayloadCodec<Placed> codec = Catalogue.load().codec(Placed.class);
  private final MessageWriter writer = new MessageWriter(PAYLOAD_BYTES_MAX);
  private final MessageReader reader = new MessageReader(new byte[0]);
  private final MessageBufferPacker packer = MessagePack.newDefaultBufferPacker();
  private final Placed placed = new Placed("A-2026-001", "customer-77", 3, 129_900, true, 12.5);
  private byte[] encoded = new byte[0];

  /// Creates the state of one benchmark thread.
  public CodecBench() {}

  /// The record.
  ///
  /// @param order text of 10 characters
  /// @param customer text of 11 characters
  /// @param quantity a small integer
  /// @param cents an integer of 4 bytes
  /// @param urgent a flag
  /// @param weight a float of 8 bytes
  @EventPayload(category = 0x1, type = 0x002)
  public record Placed(
      String order, String customer, int quantity, long cents, boolean urgent, double weight) {}

  /// Encodes once, and checks that both libraries write the same bytes.
  ///
  /// @throws IOException never
  @Setup
  public void encode() throws IOException {
    var _ = write();
    encoded = writer.toByteArray();
    if (!Arrays.equals(encoded, pack(packer))) {
      throw new IllegalStateException("the two encodings differ");
    }
  }

  /// {@return the length of what the generated codec writes, in bytes}
  @Benchmark
  public int write() {
    writer.clear();
    codec.write(placed, writer);
    return writer.end();
  }

  /// {@return the record, by the generated codec}
  @Benchmark
  public Placed read() {
    reader.reset(encoded, 0, encoded.length);
    return codec.read(reader, 1);
  }

  /// {@return the bytes, by a packer of msgpack-core that is reused}
  ///
  /// @throws IOException never
  @Benchmark
  public byte[] libraryWriteReused() throws IOException {
    return pack(packer);
  }

  /// {@return the bytes, by a new packer of msgpack-core}
  ///
  /// @throws IOException never
  @Benchmark
  public byte[] libraryWriteNew() throws IOException {
    try (MessageBufferPacker fresh = MessagePack.newDefaultBufferPacker()) {
      return pack(fresh);
    }
  }

  private byte[] pack(MessageBufferPacker out) throws IOException {
    out.clear();
    out.packMapHeader(6);
    out.packString("order").packString(placed.order);
    out.packString("customer").packString(placed.customer);
    out.packString("quantity").packInt(placed.quantity);
    out.packString("cents").packLong(placed.cents);
    out.packString("urgent").packBoolean(placed.urgent);
    out.packString("weight").packDouble(placed.weight);
    return out.toByteArray();
  }

  /// {@return the record, by an unpacker of msgpack-core}
  ///
  /// @throws IOException never
  @Benchmark
  public Placed libraryRead() throws IOException {
    try (MessageUnpacker in = MessagePack.newDefaultUnpacker(encoded)) {
      int pairs = in.unpackMapHeader();
      String order = "";
      String customer = "";
      int quantity = 0;
      long cents = 0;
      boolean urgent = false;
      double weight = 0;
      for (int i = 0; i < pairs; i++) {
        switch (in.unpackString()) {
          case "order" -> order = in.unpackString();
          case "customer" -> customer = in.unpackString();
          case "quantity" -> quantity = in.unpackInt();
          case "cents" -> cents = in.unpackLong();
          case "urgent" -> urgent = in.unpackBoolean();
          case "weight" -> weight = in.unpackDouble();
          default -> in.skipValue();
        }
      }
      return new Placed(order, customer, quantity, cents, urgent, weight);
    }
  }
}
