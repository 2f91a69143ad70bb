import Glibc
import PluginABI
import Storage

/// A tape that is there whole or not at all: it is written beside its name, and given it at the
/// end. Dropped before, it leaves nothing behind.
final class NewTape {
  private let path: String
  private let draft: String
  private let writer: TapeWriter
  private var isFinished = false

  init(path: String, instruments: [keel_ev_instrument], created: Int64) throws(CommandError) {
    guard access(path, F_OK) != 0 else { throw Self.failure(EEXIST, path) }
    self.path = path
    draft = "\(path).unfinished-\(getpid())"
    do throws(StorageError) {
      writer = try TapeWriter(path: draft, instruments: instruments, created: created)
    } catch { throw CommandError(error) }
  }

  deinit { if !isFinished { unlink(draft) } }

  var records: Int { writer.recordsWritten }

  func append(_ bytes: UnsafeRawBufferPointer) throws(CommandError) {
    do throws(StorageError) { try writer.append(bytes) } catch { throw CommandError(error) }
  }

  func append(_ bar: keel_ev_bar) throws(CommandError) {
    var failure: CommandError?
    withUnsafeBytes(of: bar) { bytes in
      do throws(CommandError) { try append(bytes) } catch { failure = error }
    }
    if let failure { throw failure }
  }

  func finish() throws(CommandError) {
    do throws(StorageError) { try writer.finish() } catch { throw CommandError(error) }
    // A link, unlike a rename, does not take the place of what came there meanwhile.
    if link(draft, path) == 0 {
      unlink(draft)
    } else if errno == EEXIST || rename(draft, path) != 0 {
      throw Self.failure(errno, path)
    }
    isFinished = true
  }

  /// Asks, now and then, whether somebody wants the command to end; then there is no tape.
  static func checkInterruption() throws(CommandError) {
    guard Interruption.isRequested else { return }
    throw CommandError(.failed, "it was interrupted; nothing was written", remedy: "start it again")
  }

  private static func failure(_ number: Int32, _ path: String) -> CommandError {
    let reason = strerror(number).map { String(cString: $0) } ?? "error \(number)"
    return CommandError(
      subject: path, "cannot create it: \(reason)",
      remedy: number == EEXIST
        ? "name another file: what is there is never overwritten"
        : "give this user access to it, or name another place")
  }
}
