import Storage

/// `keel journal`: check, read, compare and replay what a session wrote.
enum JournalCommand {
  static let command = Command(
    name: "journal",
    summary: "verify, print, export, compare, replay, recover or prune a session's journal",
    subcommands: [
      JournalVerify.command, JournalDump.command, JournalExport.command, JournalDiff.command,
      JournalReplaying.command, JournalRecovery.command, JournalPrune.command,
    ])

  static let directory = CommandArgument("journal", "The journal's directory.")

  static func tailText(_ tail: JournalReader.Tail) -> String {
    switch tail {
    case .clean: "its end is whole"
    case .torn(let position, let bytes): "torn end: \(bytes) bytes cut at \(position)"
    }
  }
}
