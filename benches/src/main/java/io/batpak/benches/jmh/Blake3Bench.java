package io.batpak.benches.jmh;

import io.batpak.engine.frame.Blake3;
import io.batpak.engine.frame.Blake3Lanes;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// The hash of one message: the kernels of the store, the library that is their oracle, and SHA-256
/// with the help of the processor.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class Blake3Bench {

  private static final int HASH_BYTES = 32;

  /// Length of the message: a payload, a header, four blocks, a chunk.
  @Param({"108", "150", "256", "1024"})
  public int messageBytes;

  private final Blake3 own = new Blake3();
  private final org.bouncycastle.crypto.digests.Blake3Digest library =
      new org.bouncycastle.crypto.digests.Blake3Digest(HASH_BYTES);
  private final MessageDigest sha256 = sha256();
  private final byte[] hash = new byte[HASH_BYTES];
  private byte[] message = new byte[0];

  /// Creates the state of one benchmark thread.
  public Blake3Bench() {}

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has it", e);
    }
  }

  /// Fills the message.
  @Setup
  public void fill() {
    message = new byte[messageBytes];
    new Random(messageBytes).nextBytes(message);
  }

  /// {@return the hash, by the store}
  @Benchmark
  public byte[] own() {
    own.hash(message, 0, message.length, hash, 0);
    return hash;
  }

  /// {@return the hash, by BouncyCastle}
  @Benchmark
  public byte[] bouncyCastle() {
    library.update(message, 0, message.length);
    library.doFinal(hash, 0);
    return hash;
  }

  /// {@return the hashes of 256 messages, by the store, in calls of as many as there are lanes}
  ///
  /// @param batch the messages
  @Benchmark
  @OperationsPerInvocation(Batch.MESSAGES)
  public long[] lanes(Batch batch) {
    for (int i = 0; i < Batch.MESSAGES; i += batch.lanes) {
      batch.kernel.hash(batch.source, batch.stride, batch.lengths, batch.lanes, batch.hashes);
    }
    return batch.hashes;
  }

  /// {@return another hash, by the JDK}
  ///
  /// @throws DigestException never
  @Benchmark
  public byte[] sha256OfJdk() throws DigestException {
    sha256.update(message, 0, message.length);
    sha256.digest(hash, 0, HASH_BYTES);
    return hash;
  }

  /// Messages of equal length for the kernel that hashes several side by side.
  @State(Scope.Thread)
  public static class Batch {

    private static final int MESSAGES = 256;
    private static final int HASH_LONGS = 4;

    /// Messages of a call.
    @Param({"8", "16", "32", "64", "128", "256"})
    public int lanes;

    private Blake3Lanes kernel = new Blake3Lanes(1);
    private byte[] source = {};
    private int stride;
    private int[] lengths = {};
    private long[] hashes = {};

    /// Creates the state of one benchmark thread.
    public Batch() {}

    /// Fills the messages.
    ///
    /// @param bench gives their length
    @Setup
    public void fill(Blake3Bench bench) {
      kernel = new Blake3Lanes(lanes);
      stride = Math.ceilDiv(bench.messageBytes, Blake3Lanes.BLOCK_BYTES) * Blake3Lanes.BLOCK_BYTES;
      source = new byte[lanes * stride];
      lengths = new int[lanes];
      Arrays.fill(lengths, bench.messageBytes);
      hashes = new long[HASH_LONGS * lanes];
      var message = new byte[bench.messageBytes];
      for (int i = 0; i < lanes; i++) {
        new Random(i).nextBytes(message);
        System.arraycopy(message, 0, source, i * stride, message.length);
      }
    }
  }
}
