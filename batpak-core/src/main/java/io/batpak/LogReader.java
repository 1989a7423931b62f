package io.batpak;

import io.batpak.engine.ReadOnlyEngine;
import io.batpak.engine.platform.FileSystemDisk;
import io.batpak.engine.platform.SystemClock;
import io.batpak.event.EventId;
import io.batpak.evidence.OpenReport;
import io.batpak.payload.Catalogue;
import io.batpak.query.Query;
import io.batpak.query.Region;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/// Reads a store directory without owning it: no lock is taken, nothing is changed, a live writer
/// is not disturbed. It sees the log as it was when it was opened. Fit for any number of threads.
public final class LogReader implements AutoCloseable {

  private final ReadOnlyEngine engine;
  private final LogView view;

  private LogReader(ReadOnlyEngine engine, LogView view) {
    this.engine = engine;
    this.view = view;
  }

  /// Looks at a store directory, without payload codecs.
  ///
  /// @param directory the store's directory
  /// @return the reader
  /// @throws io.batpak.failure.ForeignFile if there is no store
  /// @throws io.batpak.failure.Corrupt if what is there is damaged
  public static LogReader open(Path directory) {
    return open(directory, Catalogue.of(java.util.List.of()));
  }

  /// Looks at a store directory.
  ///
  /// @param directory the store's directory
  /// @param catalogue the payload codecs
  /// @return the reader
  /// @throws io.batpak.failure.ForeignFile if there is no store
  /// @throws io.batpak.failure.Corrupt if what is there is damaged
  public static LogReader open(Path directory, Catalogue catalogue) {
    Objects.requireNonNull(catalogue);
    ReadOnlyEngine engine = ReadOnlyEngine.open(new FileSystemDisk(directory), new SystemClock());
    return new LogReader(engine, new LogView(directory, catalogue, engine::snapshot));
  }

  /// {@return the events of a region, as the log is now}
  ///
  /// @param region which
  public Results query(Region region) {
    return query(Query.of(region));
  }

  /// {@return the events that any of several regions means, each once, as the log is now}
  ///
  /// @param query which
  public Results query(Query query) {
    return new Results(view, query);
  }

  /// {@return an event}
  ///
  /// @param id its identity
  public Optional<EventEntry> get(EventId id) {
    return EventEntry.find(view, id);
  }

  /// {@return the event at a position}
  ///
  /// @param sequence its position
  /// @throws io.batpak.failure.BeyondEnd if there is none
  public EventEntry at(long sequence) {
    return EventEntry.at(view, sequence);
  }

  /// {@return the sequence behind the last event. Hidden events and those of the library have their
  /// sequences too, so this is not how many a query finds}
  public long end() {
    return view.snapshot().end();
  }

  /// {@return what opening found}
  public OpenReport openReport() {
    return engine.report();
  }

  /// {@return the store's id}
  public EventId id() {
    return engine.store();
  }

  /// {@return who owns the store at this moment, if anyone does}
  public Optional<String> owner() {
    return engine.owner();
  }

  @Override
  public void close() {
    if (view.close()) {
      engine.close();
    }
  }
}
