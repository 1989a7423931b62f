package io.batpak.benches.peer;

import io.batpak.benches.Durability;
import io.batpak.benches.Shape;
import io.batpak.benches.Subject;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/// SQLite through JDBC: one table, one prepared insert, each insert a transaction of its own.
///
/// `journal_mode=WAL`; `synchronous=NORMAL` for visible, `FULL` for durable, as SQLite's
/// documentation gives them. SQLite has one writer at a time, so callers share one connection
/// behind a lock.
public final class SqlitePeer implements Subject {

  /// What the JVM needs for it.
  public static final List<String> JVM_FLAGS = List.of("--enable-native-access=ALL-UNNAMED");

  private final Object turn = new Object();
  private final Connection connection;
  private final PreparedStatement insert;

  private SqlitePeer(Connection connection, PreparedStatement insert) {
    this.connection = connection;
    this.insert = insert;
  }

  /// {@return it, open and empty}
  ///
  /// @param directory where to
  /// @param shape which `synchronous` to set
  /// @throws SQLException if it does not open
  public static SqlitePeer open(Path directory, Shape shape) throws SQLException {
    Connection connection =
        DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("events.db"));
    String synchronous = shape.durability() == Durability.DURABLE ? "FULL" : "NORMAL";
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode=WAL");
      statement.execute("PRAGMA synchronous=" + synchronous);
      statement.execute("CREATE TABLE event (sequence INTEGER PRIMARY KEY, payload BLOB NOT NULL)");
    }
    return new SqlitePeer(
        connection, connection.prepareStatement("INSERT INTO event (payload) VALUES (?)"));
  }

  @Override
  public void append(int caller, byte[] payload) throws SQLException {
    synchronized (turn) {
      insert.setBytes(1, payload);
      insert.executeUpdate();
    }
  }

  @Override
  public long readAll() throws SQLException {
    long count = 0;
    try (Statement statement = connection.createStatement();
        ResultSet events = statement.executeQuery("SELECT payload FROM event ORDER BY sequence")) {
      while (events.next()) {
        count += events.getBytes(1).length == PAYLOAD_BYTES ? 1 : 0;
      }
    }
    return count;
  }

  @Override
  public void close() throws IOException {
    try {
      insert.close();
      connection.close();
    } catch (SQLException e) {
      throw new IOException(e);
    }
  }
}
