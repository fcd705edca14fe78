# marquee: `make run` and `make test` are all one needs; `make help` lists the rest.
#
# Objects go to $(BUILD), which may be anywhere. Every rule of the house that can be checked is a target here.

BUILD   ?= build
# One directory has one name: as another name of it would build everything anew, under what runs from it.
override BUILD := $(patsubst $(CURDIR)/%,%,$(BUILD))
PREFIX  ?= /usr/local
VERSION := 0.1.0

ifeq ($(origin CC),default)
CC := gcc
endif
CLANG        ?= clang
CLANG_TIDY   ?= clang-tidy
CLANG_FORMAT ?= clang-format
FUZZ_S       ?= 60

.SUFFIXES:
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules
# Sorting, messages and number formats are the same for everyone.
export LC_ALL := C.UTF-8

all: $(BUILD)/marquee ## build the service
.PHONY: all

# ---- flags ----

PACKAGES := libh2o-evloop libcurl libmemcached jansson inih zlib libbrotlienc openssl libical
WARNINGS := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wformat=2 -Werror
CFLAGS   ?= -O2 -g -D_FORTIFY_SOURCE=2
LDFLAGS  ?= -Wl,-z,relro,-z,now

# Asked once and only when something is compiled: pkg-config may not be installed yet.
package_flags = $(eval package_flags := $$(shell pkg-config --cflags $(PACKAGES)))$(package_flags)
package_libs  = $(eval package_libs := $$(shell pkg-config --libs $(PACKAGES)))$(package_libs)

# libh2o's headers take the libuv loop for granted: without H2O_USE_LIBUV=0 sizes differ and memory is torn.
LANGUAGE    := -std=gnu11 -D_GNU_SOURCE -DH2O_USE_LIBUV=0 -DMARQUEE_VERSION='"$(VERSION)"' -I. -I$(BUILD)
ALL_CFLAGS   = $(LANGUAGE) -fno-strict-aliasing -fstack-protector-strong -pthread $(WARNINGS) $(CFLAGS) \
               $(package_flags)
ALL_LDFLAGS  = $(CFLAGS) -pthread -Wl,--as-needed $(LDFLAGS)
LDLIBS       = $(package_libs) -lpthread -lm

# All cores when the caller did not say how many.
jobs = $(if $(findstring jobserver,$(MAKEFLAGS)),,-j$(shell nproc))
# V=1 shows the commands; otherwise one word and the file's name.
Q := $(if $(V),,@)
say = $(if $(V),@:,@echo)
quoted = '$(subst ','\'',$(1))'

# ---- what there is ----

# A wing is a folder of a module; cache is one by itself.
MODULES := translators cache service
WINGS   := $(MODULES) $(patsubst %/,%,$(wildcard translators/*/ service/*/))
SOURCES := $(wildcard $(addsuffix /*.c,$(WINGS)))
OBJECTS := $(SOURCES:%.c=$(BUILD)/%.o)
HEADERS := $(filter-out tests/node_modules/%,$(wildcard $(addsuffix /*.h,$(WINGS)) $(addprefix tests/,*/*.h */*/*.h */*/*/*.h)))

UNIT_SOURCES := $(filter-out $(UNIT_EXCEPT),$(wildcard tests/unit/*/*_test.c tests/unit/*/*/*_test.c))
UNIT_TESTS   := $(UNIT_SOURCES:%.c=$(BUILD)/%)
GOLDEN       := $(if $(wildcard tests/golden/golden.c),$(BUILD)/tests/golden/golden)
FUZZ_TARGETS := $(patsubst %.c,$(BUILD)/fuzz/%,$(wildcard tests/fuzz/*_fuzz.c))
E2E_TESTS    := $(wildcard tests/e2e/*.test.mjs)
OWN_C        := $(SOURCES) $(filter-out tests/node_modules/%,$(wildcard $(addprefix tests/,*/*.c */*/*.c */*/*/*.c)))

# Each may add to OBJECTS, HEADERS, OWN_C and PROGRAMS, and brings rules of its own.
PROGRAMS := $(BUILD)/marquee $(BUILD)/simulator
-include translators/model/tables/tables.mk
-include translators/formats/script/script.mk
-include tests/simulator/simulator.mk
-include tests/bench/bench.mk
-include tests/e2e/e2e.mk
-include tests/conformance/conformance.mk
-include tests/browser/browser.mk
-include tests/siege/siege.mk
-include service/page/web/web.mk

# ---- compiling and linking ----

LIBRARY := $(BUILD)/libmarquee.a

$(BUILD)/marquee: $(BUILD)/service/main.o $(LIBRARY) $(BUILD)/flags
	$(say) link $@
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $(filter %.o,$^) $(filter %.a,$^) $(LDLIBS)

# What the tests link: all but main. An archive, so that a test takes only what it needs and may put a fake in
# the place of the rest.
$(LIBRARY): $(filter-out $(BUILD)/service/main.o,$(OBJECTS)) $(BUILD)/objects
	@rm -f $@
	$(say) archive $@
	$(Q)ar rcsD $@ $(filter %.o,$^)

$(BUILD)/%.o: %.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(say) compile $<
	$(Q)$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# h2o/http2_internal.h includes a header that Debian does not install: service/front/klib/khash.h.
$(addprefix $(BUILD)/,$(addsuffix /service/front/frames.done,tidy analyze) service/front/frames.o): private LANGUAGE += -iquote service/front/klib

TEST_PROGRAMS := $(filter-out $(BUILD)/tests/unit/simulator/%,$(UNIT_TESTS)) $(GOLDEN)
$(TEST_PROGRAMS): %: %.o $(LIBRARY) $(BUILD)/flags
	$(say) link $@
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $(filter %.o,$^) $(filter %.a,$^) -lcmocka $(LDLIBS)

# What modules of the service are tried on. The fakes take the place of what is in the archive.
in_unit_service = $(addprefix $(BUILD)/tests/unit/service/,$(1))
STAGED := $(wildcard $(addprefix tests/unit/service/source/,source*_test.c store_test.c lookup_test.c) $(addprefix tests/unit/service/jobs/,job*_test.c back_test.c)) $(wildcard tests/unit/torture/job_test.c)
$(STAGED:%.c=$(BUILD)/%): $(call in_unit_service,stage.o fake_upstream.o fake_memcached.o)
$(call in_unit_service,serve/serve_test service_test): $(call in_unit_service,fake_front.o)
$(call in_unit_service,service_test): $(call in_unit_service,fake_memcached.o)

$(GOLDEN): $(addprefix $(BUILD)/tests/golden/,complaint.o curated.o events.o files.o invented.o paged.o)
# What both the golden cases and the fuzzers hold true of every format.
$(GOLDEN) $(FUZZ_TARGETS:$(BUILD)/fuzz/%=$(BUILD)/%): $(BUILD)/tests/golden/shapes.o

# The first is changed when compiler or flags do: then everything is built anew. The second when a source file
# has come or gone: then the archive is.
flags_text   = $(CC) $(ALL_CFLAGS) / $(ALL_LDFLAGS) $(LDLIBS)
objects_text = $(OBJECTS)
$(BUILD)/flags $(BUILD)/objects: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' $(call quoted,$($(@F)_text)) | cmp -s - $@ || \
		printf '%s\n' $(call quoted,$($(@F)_text)) > $@
FORCE:
.PHONY: FORCE
.SECONDARY:

-include $(wildcard $(addprefix $(BUILD)/,*/*.d */*/*.d */*/*/*.d */*/*/*/*.d))

# ---- running ----

run: ## install what is missing, build, serve https://localhost:8443 (HTTPS_PORT, HTTP_PORT, ADMIN_PORT)
	@deploy/install-deps
	@$(MAKE) --no-print-directory $(jobs) programs
	@exec env BUILD=$(call quoted,$(BUILD)) setpriv --pdeathsig TERM deploy/run
.PHONY: run

programs: $(PROGRAMS)
	@:
.PHONY: programs

# ---- testing ----

SAN_FLAGS  := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all
FUZZ_FLAGS := $(SAN_FLAGS) -fsanitize=fuzzer-no-link
LOGS       := $(BUILD)/test-logs
# A sanitizer brings an allocator of its own, whose allocations cannot be made to fail.
in_san      = $(MAKE) --no-print-directory BUILD=$(BUILD)/san CFLAGS=$(call quoted,$(SAN_FLAGS)) LOGS=$(LOGS)/san \
              UNIT_EXCEPT=tests/unit/torture/%
in_fuzz     = $(MAKE) --no-print-directory BUILD=$(BUILD)/fuzz CC=$(CLANG) CFLAGS=$(call quoted,$(FUZZ_FLAGS))

# The suites of `make test`: those of one row run one after the other, rows 1 and 2 beside each other, row 3
# alone afterwards, because it measures.
SUITES_1 := unit golden san fuzz-smoke
SUITES_2 := style check-headers pure const-globals check-sample tidy tsan-unit conformance bench-short
SUITES_3 := e2e browser

test: ## install what is missing, build, run every suite; closes with "N passed, M failed"
	@deploy/install-deps --test
	@$(run_all) $(call quoted,$(LOGS)) "$(SUITES_1)" "$(SUITES_2)" "$(SUITES_3)" $(MAKEOVERRIDES)
.PHONY: test
# What takes more than a minute, or measures.
SUITES_SLOW := analyze tsan soak siege siege-san fuzz stress-matrix stress-variants bench bench-check lighthouse deb-test image-test
check-all: test ## `make test`, then the suites that are too slow for it
	@$(run_all) $(call quoted,$(BUILD)/slow-logs) "" "" "$(SUITES_SLOW)" $(MAKEOVERRIDES)
.PHONY: check-all
# The runner shares out the cores itself, so it does not get this make's job slots.
run_all = exec env MAKE=$(call quoted,$(MAKE)) MAKEFLAGS= MFLAGS= tests/run-all

test-programs: $(PROGRAMS) $(UNIT_TESTS) $(GOLDEN) ## build all that `make test` runs
	@+$(in_san) $(jobs) san-programs
	@+$(if $(FUZZ_TARGETS),$(in_fuzz) fuzz-programs)
san-programs: $(PROGRAMS) $(UNIT_TESTS) $(GOLDEN)
	@:
fuzz-programs: $(FUZZ_TARGETS:$(BUILD)/fuzz/%=$(BUILD)/%)
	@:
.PHONY: test-programs san-programs fuzz-programs

# Programs that measure nothing run beside each other. Bounds are for what hangs: each is many times what a slow
# machine takes.
BESIDE ?= $(shell nproc)

# A test that cannot be built has failed; the others run all the same.
unit: ## unit tests (cmocka)
	@+$(MAKE) --no-print-directory -k $(jobs) unit-programs; built=$$?; \
	BUILD=$(abspath $(BUILD)) BESIDE=$(BESIDE) tests/run-tap $(LOGS)/unit 900 $(UNIT_TESTS) && exit $$built
unit-programs: $(UNIT_TESTS)
	@:
.PHONY: unit-programs

golden: $(GOLDEN) ## golden cases
	@BUILD=$(abspath $(BUILD)) BESIDE=$(BESIDE) tests/run-tap $(LOGS)/golden 1800 \
		$(foreach part,1 2 3 4,'$(GOLDEN) --part $(part)/4')

# Those that look at a clock, at what a burst comes to or at a whole machine run alone. The long ones begin.
E2E_BESIDE := $(wildcard $(addprefix tests/e2e/,$(addsuffix .test.mjs,openapi run problems operation memcached \
              revisions pages upstream identity health headers quota files ticketmaster access bandsintown sites \
              behind agreement cache_headers memcached_login tls languages configuration tours formats malformed \
              parameters get providers)))
E2E_ALONE  := $(filter-out $(E2E_BESIDE),$(E2E_TESTS))
e2e: $(PROGRAMS) ## end-to-end tests against the real parts (node)
	@BUILD=$(abspath $(BUILD)) BESIDE=$(BESIDE) tests/run-tap $(LOGS)/e2e-beside 900 $(E2E_BESIDE) tests/siege/judge.test.mjs; beside=$$?; \
	BUILD=$(abspath $(BUILD)) tests/run-tap $(LOGS)/e2e 900 $(E2E_ALONE) && exit $$beside

matrix: $(PROGRAMS) ## write the table of tests/README.md: what clients get from hostile upstreams
	@BUILD=$(abspath $(BUILD)) UPDATE_README=1 node --test tests/e2e/hostile.test.mjs
stress-matrix: $(PROGRAMS) ## the same table with the deadlines of the defaults, and more at once; prints it
	@BUILD=$(abspath $(BUILD)) STRESS=1 node --test tests/e2e/hostile.test.mjs
stress-variants: $(PROGRAMS) ## ten thousand variants of one tour's pages
	@BUILD=$(abspath $(BUILD)) VARIANTS=10000 node --test --test-name-pattern='Endless variants' tests/e2e/pages.test.mjs
.PHONY: matrix stress-matrix stress-variants

san: ## unit and golden tests under ASan and UBSan
	@+$(in_san) unit
	@+$(in_san) golden
.PHONY: unit golden e2e san

$(FUZZ_TARGETS:$(BUILD)/fuzz/%=$(BUILD)/%): %: %.o $(LIBRARY)
	$(say) link $@
	$(Q)$(CC) $(ALL_LDFLAGS) -fsanitize=fuzzer -o $@ $(filter %.o,$^) $(filter %.a,$^) $(LDLIBS)

fuzz: ## every fuzz target for FUZZ_S=60 seconds
	@+$(in_fuzz) $(jobs) fuzz-programs
	@BUILD=$(BUILD) tests/run-tap $(LOGS)/fuzz $$(($(FUZZ_S) * 3 + 60)) \
		$(FUZZ_TARGETS:%='tests/fuzz/run % -max_total_time=$(FUZZ_S)')

fuzz-smoke: ## every fuzz target, a bounded number of runs
	@+$(in_fuzz) $(jobs) fuzz-programs
	@BUILD=$(BUILD) tests/run-tap $(LOGS)/fuzz-smoke 300 \
		$(FUZZ_TARGETS:%='tests/fuzz/run % -runs=20000 -max_total_time=20 -seed=1')
.PHONY: fuzz fuzz-smoke

# ---- rules ----

style: ## formatting, lengths, banned functions, who may include what
	@CLANG_FORMAT=$(CLANG_FORMAT) tests/rules/style

check-headers: ## every header compiles alone, with gcc and clang
	@tests/rules/check-headers $(call quoted,$(LANGUAGE) $(WARNINGS) $(package_flags)) $(HEADERS)

pure: $(filter $(BUILD)/translators/%,$(OBJECTS)) ## translators/ needs nothing but what tests/rules/pure-allowed lists
	@tests/rules/pure $^

const-globals: $(OBJECTS) ## no variable outlives a function, unless it is const
	@tests/rules/const-globals $^

check-sample: $(BUILD)/marquee ## deploy/marquee.ini is what `marquee check-config --sample` prints, and is true
	@tests/rules/check-sample $(BUILD)/marquee deploy/marquee.ini

sample: $(BUILD)/marquee ## write deploy/marquee.ini anew
	@$(BUILD)/marquee check-config --sample > deploy/marquee.ini

# A file is looked at again only when it, a header of its or the configuration changed. The analyzer follows every path
# through it, which takes thirty times as long as all other checks.
TIDY_DONE    := $(OWN_C:%.c=$(BUILD)/tidy/%.done)
ANALYZE_DONE := $(OWN_C:%.c=$(BUILD)/analyze/%.done)
tidy: ## clang-tidy without its analyzer, and one dialect: pointers are compared with NULL
	@+$(MAKE) --no-print-directory -k $(jobs) $(TIDY_DONE)
analyze: ## clang-tidy's analyzer
	@+$(MAKE) --no-print-directory -k $(jobs) $(ANALYZE_DONE)
.PHONY: analyze
$(BUILD)/tidy/%.done: %.c $(BUILD)/%.o .clang-tidy tests/rules/dialect
	@mkdir -p $(@D)
	$(say) tidy $<
	$(Q)CLANG_TIDY=$(CLANG_TIDY) tests/rules/tidy $(@:.done=.log) '-clang-analyzer-*' $< $(LANGUAGE) $(package_flags)
	$(Q)tests/rules/dialect $< $(LANGUAGE) $(package_flags)
	@touch $@
$(BUILD)/analyze/%.done: %.c $(BUILD)/%.o .clang-tidy
	@mkdir -p $(@D)
	$(say) analyze $<
	$(Q)CLANG_TIDY=$(CLANG_TIDY) tests/rules/tidy $(@:.done=.log) '' $< $(LANGUAGE) $(package_flags)
	@touch $@

format: ## write every C file as clang-format would
	$(CLANG_FORMAT) -i $(HEADERS) $(OWN_C)
.PHONY: style check-headers pure const-globals check-sample sample tidy format

# ---- the rest ----

$(BUILD)/marquee.1: $(BUILD)/marquee deploy/man-page
	@deploy/man-page $< > $@

install: $(BUILD)/marquee $(BUILD)/marquee.1 ## into $(DESTDIR)$(PREFIX)
	install -D -m 755 $(BUILD)/marquee $(DESTDIR)$(PREFIX)/bin/marquee
	install -d $(DESTDIR)$(PREFIX)/share/doc/marquee
	install -m 644 deploy/marquee.ini deploy/memcached.conf deploy/grafana-dashboard.json deploy/alerts.yml \
		$(DESTDIR)$(PREFIX)/share/doc/marquee
	install -d $(DESTDIR)$(PREFIX)/share/doc/marquee/examples
	install -m 644 deploy/examples/* $(DESTDIR)$(PREFIX)/share/doc/marquee/examples
	install -D -m 644 $(BUILD)/marquee.1 $(DESTDIR)$(PREFIX)/share/man/man1/marquee.1
	install -D -m 644 deploy/marquee.bash $(DESTDIR)$(PREFIX)/share/bash-completion/completions/marquee
	install -d $(DESTDIR)$(PREFIX)/lib/systemd/system
	sed 's|/usr/local/bin/|$(PREFIX)/bin/|' deploy/marquee.service \
		> $(DESTDIR)$(PREFIX)/lib/systemd/system/marquee.service

deb: ## build the Debian package into $(BUILD)
	@deploy/install-deps --package
	@BUILD=$(call quoted,$(abspath $(BUILD))) deploy/build-deb $(VERSION)

deb-test: deb $(BUILD)/simulator ## install the package on Debian 12, 13 and testing, start, upgrade, remove, purge it
	@BUILD=$(call quoted,$(abspath $(BUILD))) tests/package/deb-test $(VERSION)
# Where podman is not, buildah is the same. The base can be another one: make image BASE=localhost/debian
image_tool = $(or $(firstword $(foreach tool,podman buildah,$(if $(shell command -v $(tool)),$(tool)))),buildah)
image: ## build the container image marquee:$(VERSION) (podman or buildah)
	$(image_tool) build --format docker -t marquee:$(VERSION) -t marquee:latest -f deploy/Containerfile \
		--ignorefile deploy/containerignore $(if $(BASE),--build-arg BASE=$(BASE)) .

image-test: $(BUILD)/simulator ## build the image offline on a root of mmdebstrap, run it, hold it under 150 MB
	@deploy/install-deps --image
	@BUILD=$(call quoted,$(abspath $(BUILD))) tests/package/image-test $(VERSION)
.PHONY: deb deb-test image image-test

clean: ## remove what was built
	rm -rf $(BUILD)

help: ## this list
	@awk -F ':.*## ' '/^[a-z][a-z0-9-]*:.*## / { printf "  %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
.PHONY: install clean help
