package io.batpak.cli;

import io.batpak.LogReader;
import io.batpak.StoredEvent;
import io.batpak.event.EventLimits;
import io.batpak.event.Names;
import io.batpak.failure.InvalidName;
import io.batpak.failure.LimitExceeded;
import io.batpak.query.Region;
import java.io.PrintStream;
import java.util.List;
import java.util.Set;

/// Prints all events, or those of one entity, one line each.
final class Dump {

  private Dump() {}

  static int run(List<String> words, PrintStream out, PrintStream err) {
    Arguments arguments = Arguments.parse(words, Set.of("--json"), Set.of("--entity"));
    Region region = arguments.value("--entity").map(Dump::entity).orElse(Region.all());
    boolean json = arguments.has("--json");
    boolean none = true;
    try (LogReader reader = LogReader.open(arguments.directory())) {
      for (StoredEvent event : reader.query(region).events()) {
        none = false;
        out.println(json ? EventLine.json(event) : EventLine.text(event));
        if (out.checkError()) {
          // nobody reads any more
          break;
        }
      }
    }
    if (none) {
      arguments
          .value("--entity")
          .ifPresent(name ->
              err.println(
                  "batpak: there is no entity " + JsonText.visible(name) + " in the store"));
    }
    return Status.FINE;
  }

  private static Region entity(String name) {
    try {
      var _ = Names.check("entity", name, EventLimits.NAME_BYTES_MAX);
      return Region.entity(name);
    } catch (InvalidName | LimitExceeded e) {
      throw new WrongUsage("--entity: " + e.getMessage());
    }
  }
}
