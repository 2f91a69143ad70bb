import PluginABI
import Storage

/// A tape that is there whole or not at all, in the words of a command.
final class NewTape {
  private let writer: TapeWriter

  init(path: String, instruments: [keel_ev_instrument], created: Int64) throws(CommandError) {
    do throws(StorageError) {
      writer = try TapeWriter(
        path: path, instruments: instruments, created: created, isPlacedWhole: true)
    } catch { throw CommandError(error) }
  }

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
  }

  /// Asks, now and then, whether somebody wants the command to end; then there is no tape.
  static func checkInterruption() throws(CommandError) {
    guard Interruption.isRequested else { return }
    throw CommandError(.failed, "it was interrupted; nothing was written", remedy: "start it again")
  }
}
