package io.batpak.processor.frozen;

import java.util.List;

/// A MessagePack value, unpacked.
sealed interface Node {

  /// {@return what it is, for a message}
  String label();

  record Nil() implements Node {
    @Override
    public String label() {
      return "nil";
    }
  }

  record Bool(boolean value) implements Node {
    @Override
    public String label() {
      return "the bool " + value;
    }
  }

  record Int(long value) implements Node {
    @Override
    public String label() {
      return "the integer " + value;
    }
  }

  record Decimal(double value, boolean wide) implements Node {
    @Override
    public String label() {
      return (wide ? "the float 64 " : "the float 32 ") + value;
    }
  }

  record Text(String value) implements Node {
    @Override
    public String label() {
      return "the str \"" + value + '"';
    }
  }

  record Binary(int count) implements Node {
    @Override
    public String label() {
      return "a bin of " + count + " bytes";
    }
  }

  record Extension(int type, int count) implements Node {
    @Override
    public String label() {
      return type == -1 ? "a timestamp" : "an extension of type " + type;
    }
  }

  record Array(List<Node> elements) implements Node {
    @Override
    public String label() {
      return "an array of " + elements.size();
    }
  }

  record Table(List<Pair> pairs) implements Node {
    @Override
    public String label() {
      return "a map of " + pairs.size();
    }
  }

  record Pair(String key, Node value) {}
}
