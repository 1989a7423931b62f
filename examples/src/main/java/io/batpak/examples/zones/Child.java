package io.batpak.examples.zones;

import io.batpak.Store;
import java.io.PrintStream;
import java.nio.file.Path;

/// The process that is killed: appends the history and says after each event how many the store has
/// acknowledged.
final class Child {

  private Child() {}

  /// Runs it.
  ///
  /// @param arguments the directory
  public static void main(String[] arguments) {
    PrintStream out = System.out;
    try (Store store = Recorder.open(Path.of(arguments[0]))) {
      Recorder.record(
          store,
          History.ofPlatform(),
          0,
          count -> {
            out.print(count + "\n");
            out.flush();
          });
    }
  }
}
