package io.livehook.command;

/** The list of verbs. Runs on the main thread. */
public final class Livehook {
  private Livehook() {}

  public static void main(String[] args) {
    System.out.println("Livehook, Java " + Runtime.version().feature());
  }
}
