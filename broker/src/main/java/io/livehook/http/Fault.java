package io.livehook.http;

/**
 * One thing that is wrong with a request.
 *
 * @param pointer where: a JSON pointer into the body, or {@code header/Name}, {@code query/name},
 *     {@code path/name}
 * @param code stable, for programs
 * @param message for people; says what would be right
 */
public record Fault(String pointer, String code, String message) {}
