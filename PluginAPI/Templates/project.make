# What every project of a keel plugin does alike. NAME, KIND, BUNDLE_OPTIONS and the rule for
# the library come from the Makefile above.
KEEL ?= keel
CC ?= cc
LIBRARY := build/$(NAME).so
BUNDLE := build/$(NAME).keel
INCLUDE := -I sdk/PluginABI/include

.PHONY: all test check bench backtest sign clean
.DEFAULT_GOAL := all
all: $(BUNDLE)

# One file with the library and a manifest: what is given to those who trade with it.
$(BUNDLE): $(LIBRARY) Makefile
	rm -f $@
	$(KEEL) plugin pack $(LIBRARY) --output $@ $(BUNDLE_OPTIONS)

sign: $(BUNDLE)
	@test -n '$(KEY)' || { echo 'make sign KEY=FILE: keel plugin keygen NAME makes one' >&2; exit 2; }
	$(KEEL) plugin sign $(BUNDLE) --key '$(KEY)'

test: build/test $(LIBRARY)
	build/test $(LIBRARY)

build/test: test/test.c $(wildcard sdk/PluginConformance/*.c)
	@mkdir -p build
	$(CC) -std=gnu11 -O1 -g -Wall -Wextra $(INCLUDE) -I sdk/PluginConformance/include \
	  -I sdk/Languages -o $@ $^ -lm -lpthread -ldl

check: $(BUNDLE)
	$(KEEL) plugin check $(LIBRARY)
	$(KEEL) plugin verify --policy trusted $(BUNDLE)

bench: $(LIBRARY)
	$(KEEL) plugin bench $(LIBRARY)

build/market.tape:
	@mkdir -p build
	$(KEEL) data generate $@ --model regimes --events 100000 --seed 7

# What strategies.json says, with the bundle that lies in build/.
ifeq ($(KIND),exchange)
backtest:
	@echo 'no session drives an exchange adapter yet: make test and make check try it' >&2; exit 2
else ifeq ($(KIND),data)
backtest: $(BUNDLE)
	$(KEEL) backtest --events 20000
else
backtest: $(BUNDLE) build/market.tape
	$(KEEL) backtest --tape build/market.tape
endif

clean:
	rm -rf build
