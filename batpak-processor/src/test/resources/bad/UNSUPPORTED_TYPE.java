package bad;

import io.batpak.annotations.*;
import java.util.*;

@EventPayload(category = 1, type = 1)
record Unsupported(
    Object object, // here
    int[] integers, // here
    ArrayList<String> list, // here
    Runnable runnable, // here
    @SuppressWarnings("rawtypes") List raw, // here
    List<? extends Number> wild, // here
    Optional<Optional<String>> twice, // here
    Set<byte[]> arrays, // here
    Nothing nothing, // here
    List<Map<String, Thread>> deep, // here
    Another another, // here
    Within within) {}

record Within(
    String fine,
    StringBuilder text) {} // here

enum Nothing {}

@EventPayload(category = 1, type = 2)
record Another(int value) {}
