package io.batpak.processor.check;

/// Everything that a declaration can have wrong. Each constant has a failing example among the
/// tests' resources.
public enum Problem {
  /// Something other than a record is annotated.
  NOT_A_RECORD("@EventPayload describes a record; %s is none"),
  /// The payload record has type parameters.
  GENERIC_PAYLOAD("the payload %s has type parameters; an event needs one definite type"),
  /// The payload record cannot be named by its codec.
  INACCESSIBLE_PAYLOAD(
      "the payload %s is private or within a private type; its codec cannot see it"),
  /// The category does not fit 4 bits.
  CATEGORY_OUT_OF_RANGE("category 0x%X is outside 0x1..0xF"),
  /// The category belongs to the library.
  CATEGORY_RESERVED("category 0x%X belongs to the library; choose one of 0x1 to 0xC, 0xE and 0xF"),
  /// The type does not fit 12 bits.
  TYPE_OUT_OF_RANGE("type 0x%X is outside 0x001..0xFFF"),
  /// The type belongs to the library.
  TYPE_RESERVED("type 0x000 belongs to the library; choose one of 0x001 to 0xFFF"),
  /// The version does not fit 16 bits.
  VERSION_OUT_OF_RANGE("version %d is outside 1..65535"),
  /// Two payloads claim one kind and version.
  DUPLICATE_KIND("kind %s is that of %s already; give each payload its own kind"),
  /// The codec's name is taken.
  CODEC_NAME_TAKEN("the codec of %s would be %s, which exists already; rename one of them"),

  /// A record has more components than a codec can count.
  TOO_MANY_COMPONENTS("%s has %d components, at most %d fit; group some of them in a record"),
  /// A type that has no form on the wire.
  UNSUPPORTED_TYPE("%s cannot be stored: %s"),
  /// A map whose keys are not strings.
  MAP_KEY_NOT_STRING("the keys of a stored map are strings; %s has others"),
  /// A record or interface with type parameters.
  GENERIC_TYPE("%s has type parameters; a stored type has none"),
  /// A nested type that the codec cannot name.
  INACCESSIBLE_TYPE("the codec, in package %s, cannot see %s"),
  /// A sealed interface that permits something other than records.
  SEALED_NOT_RECORDS("%s permits %s, which is not a record; a stored alternative is one"),
  /// A sealed interface whose alternatives look the same on the wire.
  SEALED_SAME_NAME("%s permits two records named %s; the simple name tells alternatives apart"),

  /// A type that always contains itself.
  ENDLESS_TYPE("every %s contains another, without end; put an Optional or a List between"),

  /// A default that does not parse.
  DEFAULT_MALFORMED("the default \"%s\" is not accepted; it should be %s"),
  /// A default for a type that has none.
  DEFAULT_UNSUITABLE("%s"),
  /// A tag on a type that makes none.
  TAG_UNSUITABLE("%s"),
  /// A tag name that breaks the rules.
  TAG_MALFORMED("the tag name \"%s\" has a colon or a control character"),
  /// Two tags of one name.
  TAG_DUPLICATE("the tag name \"%s\" is taken by the component %s"),

  /// A version above 1 without a way from the one before.
  UPCAST_MISSING("version %d needs a static @Upcast method that makes it from version %d"),
  /// An upcaster of the wrong shape.
  UPCAST_MISTYPED(
      "an @Upcast method is static, not private, not generic, throws nothing checked and looks like"
          + " %s"),
  /// An upcaster from another version than the one before.
  UPCAST_GAP("the upcaster takes %s, not kind %s version %d"),
  /// An upcaster that nothing needs.
  UPCAST_UNEXPECTED("%s"),

  /// The frozen sample is not there.
  FROZEN_MISSING(
      "no frozen sample of %s at %s; build once with -Abatpak.freeze=true and commit the file"),
  /// The frozen sample cannot be read.
  FROZEN_UNREADABLE("the frozen sample %s cannot be read: %s"),
  /// A stored event would no longer decode.
  FROZEN_MISFIT(
      "stored events of %s would no longer decode, field %s: %s;"
          + " keep this record and add a new version with an @Upcast method");

  private final String format;

  Problem(String format) {
    this.format = format;
  }

  /// {@return the message for the person who made the declaration}
  ///
  /// @param values what the message speaks of
  public String message(Object... values) {
    return String.format(format, values) + " [" + name() + "]";
  }
}
