package io.batpak;

import io.batpak.evidence.OpenReport;
import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/// What opening a store did, as an event of the flight recorder: the fields of {@link OpenReport}.
@Name("io.batpak.StoreOpened")
@Label("Store opened")
@Category("batpak")
@StackTrace(false)
@SuppressWarnings("unused") // read by the recorder
final class StoreOpenedEvent extends Event {

  private final String directory;
  private final int segments;
  private final long events;
  private final long scannedEvents;
  private final long cutBytes;
  private final String cutReason;

  @Timespan(Timespan.NANOSECONDS)
  private final long listing;

  @Timespan(Timespan.NANOSECONDS)
  private final long scanning;

  StoreOpenedEvent(String directory, OpenReport report) {
    this.directory = directory;
    this.segments = report.segments();
    this.events = report.events();
    this.scannedEvents = report.scannedEvents();
    this.cutBytes = report.cutBytes();
    this.cutReason = report.cutReason();
    this.listing = report.listing().toNanos();
    this.scanning = report.scanning().toNanos();
  }
}
