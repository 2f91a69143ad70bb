import MarketFiles

/// The files of an import, looked into, and what was found in them.
struct ImportPlan {
  let options: MarketFileOptions
  private let output: Output
  /// Each with the symbol that the command line gives it, where it does.
  private(set) var files: [(file: MarketFile, symbol: String?)] = []
  var inputs: [TapeImport.Input] = []

  init(_ options: MarketFileOptions, _ output: Output) {
    self.options = options
    self.output = output
  }

  mutating func add(_ argument: String) throws(CommandError) {
    let pair = argument.split(separator: "=", maxSplits: 1).map(String.init)
    // A path may hold the sign too; then it is a path that begins with its directory.
    let isPair = pair.count == 2 && !pair[0].contains("/")
    let file: MarketFile
    do throws(MarketFileError) {
      file = try MarketFile(path: isPair ? pair[1] : argument, options)
    } catch { throw CommandError(error) }
    files.append((file, isPair ? pair[0] : nil))
    say(file)
  }

  /// What was detected, in one line a file; the first files say enough.
  private func say(_ file: MarketFile) {
    guard files.count <= Self.filesShown else { return }
    var text = "\(file.path): \(file.words)"
    if case .fixed(let length) = file.interval, length > 0 {
      text += " of \(BarInterval.text(length)), kept at their close"
    }
    if let unit = file.timeUnit, !file.isOwn { text += ", times in \(unit.name)" }
    if file.isCompressed { text += ", unpacked" }
    output.note(text)
  }

  private static let filesShown = 8
}
