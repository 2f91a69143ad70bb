# keel: build, prove and install. `make` alone lists what there is.

SWIFT ?= swift
PREFIX ?= /usr/local
DESTDIR ?=
OUT := .build
BIN := $(OUT)/release
SOURCES := Package.swift Host PluginAPI Plugins Tests

# target:file, for the Swift plugins; C plugins are one file each and keep its name.
SWIFT_PLUGINS := SMACrossover:sma_crossover SMACrossover2:sma_crossover_2 \
  BarCrossover:bar_crossover AdaptiveTrend:adaptive_trend MarketMaker:market_maker \
  Momentum:momentum SyntheticMarket:synthetic_market
FAULTY_PLUGIN := SMACrossoverFaulty:sma_crossover_3
C_PLUGINS := $(wildcard Plugins/*/*/*.c)
C_PLUGIN_FLAGS := -std=c11 -O2 -fPIC -shared -fvisibility=hidden -Wall -Wextra -Werror \
  -Wl,--version-script=PluginAPI/plugin.map -I PluginAPI/PluginABI/include

# How long the long checks run.
KEEL_FUZZ_ROUNDS ?= 10000
KEEL_FUZZ_SECONDS ?= 600
KEEL_SOAK_SWAPS ?= 1000
KEEL_SOAK_SIMULATIONS ?= 200

export SWIFT_BACKTRACE ?= enable=no

# A plugin may be loaded while it is rebuilt: every file is replaced whole, never written in place.
define place
	@mkdir -p $(dir $(2))
	@cmp -s $(1) $(2) || { cp $(1) $(2).new && mv -f $(2).new $(2) && echo "  $(2)"; }

endef
target_of = $(BIN)/lib$(word 1,$(subst :, ,$(1))).so
name_of = $(word 2,$(subst :, ,$(1))).so

.PHONY: help demo build plugins test test-real bench soak fuzz lint format install clean \
  need-swift need-cc

help:
	@echo 'make demo        build keel and its sample plugins, trade, and swap while trading'
	@echo 'make build       keel and all plugins, for use'
	@echo 'make plugins     the plugins alone, into $(OUT)/plugins'
	@echo 'make test        lint, strict build, all tests, all snippets of the documentation'
	@echo 'make test-real   checks against parts of Debian and PyPI; installs what it needs'
	@echo 'make bench       measurements, one JSON line each'
	@echo 'make soak        KEEL_SOAK_SWAPS=$(KEEL_SOAK_SWAPS) swaps of a trading session, and'
	@echo '                 KEEL_SOAK_SIMULATIONS=$(KEEL_SOAK_SIMULATIONS) seeds of the simulator'
	@echo 'make fuzz        KEEL_FUZZ_ROUNDS=$(KEEL_FUZZ_ROUNDS) rounds of seeded mutations, then'
	@echo '                 libFuzzer on each of Tests/Fuzzing, KEEL_FUZZ_SECONDS=$(KEEL_FUZZ_SECONDS) each'
	@echo 'make lint        the formatter, checking only;  make format  changes the files'
	@echo 'make install     into PREFIX=$(PREFIX)'
	@echo 'make clean       remove $(OUT)'

demo: build
	@$(BIN)/keel demo

build: plugins

plugins: need-swift need-cc
	$(SWIFT) build -c release
	$(foreach p,$(SWIFT_PLUGINS),$(call place,$(call target_of,$(p)),$(OUT)/plugins/$(call name_of,$(p))))
	$(call place,$(call target_of,$(FAULTY_PLUGIN)),$(OUT)/faulty/$(call name_of,$(FAULTY_PLUGIN)))
	@mkdir -p $(OUT)/c-plugins
	$(foreach c,$(C_PLUGINS),$(call c_plugin,$(c),$(notdir $(c:.c=.so))))

define c_plugin
	$(CC) $(C_PLUGIN_FLAGS) -o $(OUT)/c-plugins/$(2) $(1)
$(call place,$(OUT)/c-plugins/$(2),$(OUT)/plugins/$(2))
endef

# The snippets of README.md and Host/ARCHITECTURE.md are built by Tests/TidyTests.
test: need-swift need-cc lint
	$(SWIFT) build --build-tests --explicit-target-dependency-import-check error
	$(SWIFT) test --parallel --skip-build

test-real: build
	@.ci/test-real

bench: plugins
	$(SWIFT) run -c release Benchmarks

soak: need-swift
	@$(MAKE) --no-print-directory filtered FILTER=Soak KEEL_SOAK_SWAPS=$(KEEL_SOAK_SWAPS) \
	  KEEL_SOAK_SIMULATIONS=$(KEEL_SOAK_SIMULATIONS)

fuzz: need-swift
	@$(MAKE) --no-print-directory filtered FILTER=Fuzz KEEL_FUZZ_ROUNDS=$(KEEL_FUZZ_ROUNDS)
	@SWIFT='$(SWIFT)' KEEL_FUZZ_SECONDS='$(KEEL_FUZZ_SECONDS)' .ci/fuzz

# A filter that matches nothing would pass in silence.
.PHONY: filtered
filtered:
	$(SWIFT) build --build-tests
	@$(SWIFT) test list --skip-build | grep -q '$(FILTER)' \
	  || { echo "make: no test suite is named *$(FILTER)*" >&2; exit 1; }
	KEEL_FUZZ_ROUNDS=$(KEEL_FUZZ_ROUNDS) KEEL_SOAK_SWAPS=$(KEEL_SOAK_SWAPS) \
	  KEEL_SOAK_SIMULATIONS=$(KEEL_SOAK_SIMULATIONS) \
	  $(SWIFT) test --skip-build --filter '$(FILTER)'

lint: need-swift
	$(SWIFT) format lint --strict --parallel -r $(SOURCES)

format: need-swift
	$(SWIFT) format --in-place --parallel -r $(SOURCES)

# The installed program carries the Swift runtime, so that it needs no toolchain.
install: plugins
	$(SWIFT) build -c release --product keel --static-swift-stdlib --scratch-path $(OUT)/install
	install -d $(addprefix $(DESTDIR)$(PREFIX)/,bin lib/keel/plugins include share/keel \
	  share/doc/keel)
	install -m 755 $(OUT)/install/release/keel $(DESTDIR)$(PREFIX)/bin/keel.new
	mv -f $(DESTDIR)$(PREFIX)/bin/keel.new $(DESTDIR)$(PREFIX)/bin/keel
	for file in $(OUT)/plugins/*.so; do \
	  to=$(DESTDIR)$(PREFIX)/lib/keel/plugins/$${file##*/}; \
	  install -m 644 $$file $$to.new && mv -f $$to.new $$to || exit 1; done
	rm -rf $(DESTDIR)$(PREFIX)/include/keel $(DESTDIR)$(PREFIX)/share/keel/sdk
	cp -R PluginAPI/PluginABI/include/keel $(DESTDIR)$(PREFIX)/include/keel
	install -d $(DESTDIR)$(PREFIX)/share/keel/sdk/PluginABI
	cp -RL PluginAPI/PluginSDK PluginAPI/PluginRuntime PluginAPI/plugin.map PluginAPI/build-plugin \
	  PluginAPI/PluginConformance PluginAPI/Languages PluginAPI/Templates \
	  PluginAPI/README.md PluginAPI/REFERENCE.md \
	  $(DESTDIR)$(PREFIX)/share/keel/sdk
	cp -R PluginAPI/PluginABI/include $(DESTDIR)$(PREFIX)/share/keel/sdk/PluginABI
	install -m 644 README.md LICENSE $(DESTDIR)$(PREFIX)/share/doc/keel

clean:
	rm -rf $(OUT)

need-swift:
	@command -v $(SWIFT) >/dev/null || { echo 'make: swift is missing;' \
	  'install Swift 6.3 or later from https://www.swift.org/install' >&2; exit 1; }

need-cc:
	@command -v $(firstword $(CC)) >/dev/null || { echo 'make: a C compiler is missing;' \
	  'install one, on Debian: apt-get install gcc libc6-dev' >&2; exit 1; }
