import Glibc
import PluginABI
import PluginBoundary
import PluginHost
import TestSupport
import Testing

/// Plugins that misbehave while they run: the host goes on, the generation is quarantined.
@Suite struct PluginFaultTests {
  let bench = PluginBench()

  @Test(arguments: [
    ("null_dereference", "SIGSEGV at 0x8 in process (offset 0x"),
    ("null_call", "SIGSEGV at 0x0 in process (offset 0x"),
    ("wild_push", "SIGSEGV at 0x8"),
    ("division_by_zero", "SIGFPE at 0x"),
    ("traps", "SIGILL at 0x"),
    ("stack_overflow", "SIGSEGV at 0x"),
    ("refuses_batch", "process answered KEEL_E_STATE"),
  ])
  func quarantine(_ name: String, _ text: String) throws {
    let instance = try bench.active(bench.bad(name))
    #expect(instance.faultText == nil)
    let answer = instance.give()
    #expect(answer.status == (name == "refuses_batch" ? KEEL_E_STATE : KEEL_E_FAULT))
    #expect(answer.bytes.isEmpty)
    #expect(instance.isQuarantined)
    #expect(instance.faultText?.hasPrefix(text) == true, "\(instance.faultText ?? "no fault")")
    #expect(instance.give().status == KEEL_E_FAULT, "no code of it runs again")
    let error = #expect(throws: PluginHostError.self) { try instance.deactivate() }
    #expect(error?.code == .fault)
    instance.destroy()
    // Another instance of the same build is another generation: it starts afresh.
    #expect(try !bench.active(bench.bad(name)).isQuarantined)
  }

  @Test func faultsCanBeSurvivedAgainAndAgain() throws {
    for _ in 0..<100 {
      let instance = try bench.active(bench.bad("null_dereference"))
      #expect(instance.give().status == KEEL_E_FAULT)
    }
  }

  /// Threads come and go; each has its own guard.
  @Test func faultsOnManyThreads() throws {
    let path = try bench.bad("null_dereference")
    let instances = try (0..<32).map { _ in try bench.active(path) }
    for instance in instances {
      var thread = pthread_t()
      let context = Unmanaged.passUnretained(instance).toOpaque()
      let failed = pthread_create(
        &thread, nil,
        { context in
          let instance = Unmanaged<PluginInstance>.fromOpaque(context!).takeUnretainedValue()
          _ = instance.give()
          return nil
        }, context)
      #expect(failed == 0)
      pthread_join(thread, nil)
    }
    #expect(instances.filter(\.isQuarantined).count == 32)
  }

  @Test(arguments: ["endless_loop", "endless_push"])
  func deadline(_ name: String) throws {
    var limits = InstanceLimits.standard
    limits.eventDeadline = 20_000_000
    let instance = try bench.active(bench.bad(name), limits: limits)
    let start = ContinuousClock.now
    #expect(instance.give().status == KEEL_E_FAULT)
    #expect(ContinuousClock.now - start < .seconds(5))
    #expect(instance.faultText?.hasPrefix("deadline of 20 ms overrun in process") == true)
  }

  /// The faulting instruction is libc's, which a jump would leave broken: the process ends.
  @Test func abortInLibcEndsTheProcess() async {
    await #expect(processExitsWith: .signal(SIGABRT)) {
      let bench = PluginBench()
      let instance = try bench.active(bench.bad("aborts"))
      _ = instance.give()
    }
  }

  /// Not a run that went well.
  @Test func exitInAPluginIsAFailure() async {
    await #expect(processExitsWith: .exitCode(1)) {
      let bench = PluginBench()
      let instance = try bench.active(bench.bad("exits"))
      _ = instance.give()
    }
  }

  /// What a batch answers is the business of the thread that was asked.
  @Test func otherThreadsPushNothing() throws {
    let instance = try bench.active(bench.bad("foreign_push"))
    let answer = instance.give()
    #expect(answer.status == KEEL_OK && answer.bytes.isEmpty)
    #expect(instance.timers == [1: Int64(KEEL_E_STALE)])
  }

  /// A fault of the host itself is not taken for the plugin's.
  @Test func faultOutsideAnyPluginEndsTheProcess() async {
    await #expect(processExitsWith: .signal(SIGSEGV)) {
      let bench = PluginBench()
      let instance = try bench.active(bench.bad("null_dereference"))
      _ = instance.give()
      UnsafeMutablePointer<Int>(bitPattern: 8)!.pointee = 1
    }
  }

  @Test func sinkIsBounded() throws {
    let instance = try bench.active(bench.bad("floods_sink"))
    let answer = instance.give()
    #expect(answer.status == KEEL_OK)
    let fits = InstanceLimits.standard.sinkBytes / MemoryLayout<keel_intent>.size
    #expect(answer.types.count == fits)
    #expect(instance.timers == [UInt64(fits): Int64(KEEL_E_FULL)])
    #expect(instance.give().types.count == fits, "the next batch has its own budget")
  }

  @Test func wrongRecordsAreRefused() throws {
    let instance = try bench.active(bench.bad("wrong_records"))
    let answer = instance.give()
    #expect(answer.status == KEEL_OK && answer.bytes.isEmpty)
    let refused = Int64(KEEL_E_ARG)
    #expect(
      instance.timers
        == Dictionary(uniqueKeysWithValues: (1...7).map { (UInt64($0), .some(refused)) }))
  }

  @Test func notFiniteSignalsPassTheBoundary() throws {
    let instance = try bench.active(bench.bad("answers_nan"))
    #expect(instance.kind == .alpha)
    #expect(instance.give().types == [Int(KEEL_EV_SIGNAL)])
  }

  @Test func writingIntoTheBatch() throws {
    var limits = InstanceLimits.standard
    limits.verifiesBatch = true
    let instance = try bench.active(bench.bad("writes_batch"), limits: limits)
    #expect(instance.give(quotes: [(1, 2)]).status == KEEL_E_FAULT)
    #expect(instance.faultText == "process wrote into its input batch")
  }
}

@Suite struct PluginProbeTests {
  private func probe(_ script: String, timeout: Duration = .seconds(10)) throws -> String {
    try PluginProbe.run(executable: "/bin/sh", arguments: ["-c", script], timeout: timeout).output
  }

  @Test func reportsWhatTheChildSays() throws {
    #expect(try probe("echo one; echo two >&2") == "one\ntwo\n")
    #expect(try probe("echo \"[$HOME]\"") == "[]\n", "the environment is empty")
  }

  @Test(arguments: [
    ("kill -SEGV $$", "it crashed with SIGSEGV while probed"),
    ("echo bad; exit 3", "the probe ended with status 3: bad"),
    ("sleep 60 & exit 4", "the probe ended with status 4: it said nothing"),
    (
      "echo one; echo two >&2; kill -ABRT $$",
      "it crashed with SIGABRT while probed, having said: one | two"
    ),
    (
      "for i in 1 2 3 4 5 6 7 8 9 10; do echo $i; done; exit 3",
      "the probe ended with status 3: (2 lines before) 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10"
    ),
    ("printf 'a\\033[31mb\\n'; exit 1", "the probe ended with status 1: a?[31mb"),
  ])
  func failures(_ script: String, _ message: String) throws {
    let error = #expect(throws: PluginHostError.self) { try probe(script) }
    #expect(error?.code == .probe)
    #expect(error?.message == message)
  }

  @Test func aLongLineIsCut() {
    #expect(PluginProbe.shown(String(repeating: "x", count: 500))?.count == 203)
  }

  /// The thread that started it is the child's life.
  @Test func aChildEndsWithTheThreadThatStartedIt() throws {
    final class Started: @unchecked Sendable { var child: pid_t = 0 }
    let started = Started()
    var thread = pthread_t()
    let context = Unmanaged.passRetained(started).toOpaque()
    pthread_create(
      &thread, nil,
      { context in
        let started = Unmanaged<Started>.fromOpaque(context!).takeRetainedValue()
        let texts: [String] = ["sh", "-c", "sleep 60; true"]
        var words = texts.map { strdup($0) } + [nil]
        var pipe: Int32 = -1
        _ = plugin_probe_spawn("/bin/sh", &words, &started.child, &pipe)
        return nil
      }, context)
    pthread_join(thread, nil)
    #expect(started.child > 0)
    var status: Int32 = 0
    for _ in 0..<1_000 where !plugin_probe_ended(started.child, false, &status) { usleep(1_000) }
    #expect(status & 0x7f == SIGKILL)
  }

  @Test func hanging() throws {
    let error = #expect(throws: PluginHostError.self) {
      try probe("echo waiting; sleep 60", timeout: .milliseconds(500))
    }
    #expect(error?.message.hasPrefix("it hung") == true)
    #expect(error?.message.hasSuffix(", having said: waiting") == true, "\(error?.message ?? "")")
    let missing = #expect(throws: PluginHostError.self) {
      try PluginProbe.run(executable: "/nowhere", arguments: [], timeout: .seconds(1))
    }
    #expect(missing?.message.contains("cannot be started") == true)
  }
}
