import Fuzzing
import Glibc
import LibFuzzer

/// Drives one fuzz target by libFuzzer, whose options the arguments are. KEEL_FUZZ_TARGET names the
/// target, because libFuzzer starts this program again with arguments of its own.
@main struct FuzzProgram {
  private static let target = getenv("KEEL_FUZZ_TARGET").flatMap {
    FuzzTarget(rawValue: String(cString: $0))
  }

  static func main() {
    guard target != nil else {
      let names = FuzzTarget.allCases.map(\.rawValue).joined(separator: " ")
      let text = Array("KEEL_FUZZ_TARGET names one of: \(names)\n".utf8)
      _ = write(STDERR_FILENO, text, text.count)
      exit(2)
    }
    var count = CommandLine.argc
    var words: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
    exit(
      LLVMFuzzerRunDriver(&count, &words) { bytes, count in
        FuzzProgram.target?.run(UnsafeRawBufferPointer(start: bytes, count: count))
        return 0
      })
  }
}
