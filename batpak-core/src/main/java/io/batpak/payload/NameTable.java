package io.batpak.payload;

import java.util.Arrays;
import java.util.List;

/// A fixed list of names with their MessagePack form: the fields of a record, the constants of an
/// enum or the alternatives of a sealed interface. A name is spoken of by its index.
public final class NameTable {

  final String[] names;
  final byte[][] encoded;

  private NameTable(String[] names) {
    this.names = names;
    this.encoded = new byte[names.length][];
    var out = new MessageWriter(1 << 20);
    for (int i = 0; i < names.length; i++) {
      out.clear();
      out.writeString(names[i]);
      encoded[i] = out.toByteArray();
    }
  }

  /// {@return a table of the names, in their order}
  ///
  /// @param names distinct
  public static NameTable of(String... names) {
    return new NameTable(names.clone());
  }

  /// {@return the names, in their order}
  public List<String> names() {
    return List.of(names);
  }

  /// {@return the index of a name given as bytes, or -1}
  int indexOf(byte[] bytes, int start, int count) {
    int header = MessageWriter.stringHeaderBytes(count);
    for (int i = 0; i < encoded.length; i++) {
      byte[] name = encoded[i];
      if (name.length == header + count
          && Arrays.equals(name, header, name.length, bytes, start, start + count)) {
        return i;
      }
    }
    return -1;
  }

  @Override
  public String toString() {
    return Arrays.toString(names);
  }
}
