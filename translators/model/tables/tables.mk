# Tables of countries, regions, zones and dates, made from the system's iso-codes, tzdata and ICU by small programs that
# run on the building machine. Included by the Makefile behind its lists and flags.

HOSTCC    ?= $(CC)
ISO_CODES ?= /usr/share/iso-codes/json
ZONE_TAB  ?= /usr/share/zoneinfo/zone.tab
ISO_NAMES ?= /usr/share/locale

TABLES_INPUT  := $(ISO_CODES)/iso_3166-1.json $(ISO_CODES)/iso_3166-2.json $(ZONE_TAB)
TABLES_PARTS  := country_aliases country_languages mo_file
TABLES_SOURCE := translators/model/tables/make_tables.c $(TABLES_PARTS:%=translators/model/tables/%.c) \
                 translators/model/place_key.c translators/base/must.c
TABLES_OBJECT := $(BUILD)/translators/place_tables.o

OBJECTS += $(TABLES_OBJECT)
OWN_C   += $(wildcard translators/model/tables/*.c)
HEADERS += $(TABLES_PARTS:%=translators/model/tables/%.h)

$(BUILD)/make_tables: $(TABLES_SOURCE) translators/model/place_key.h translators/base/must.h \
                      $(TABLES_PARTS:%=translators/model/tables/%.h)
	@mkdir -p $(@D)
	$(say) link $@
	$(Q)$(HOSTCC) -std=gnu11 -D_GNU_SOURCE -O1 $(WARNINGS) -I. -o $@ $(TABLES_SOURCE) $$(pkg-config --cflags --libs jansson)

$(BUILD)/translators/place_tables.c: $(BUILD)/make_tables $(TABLES_INPUT)
	@mkdir -p $(@D)
	$(say) make $@
	$(Q)$(BUILD)/make_tables $(TABLES_INPUT) $(ISO_NAMES) > $@.new
	$(Q)mv $@.new $@

$(TABLES_OBJECT): $(BUILD)/translators/place_tables.c translators/model/place_tables.h $(BUILD)/flags
	$(say) compile $<
	$(Q)$(CC) $(ALL_CFLAGS) -c -o $@ $<

$(TABLES_INPUT):
	@echo "$@ is missing: deploy/install-deps installs iso-codes and tzdata" >&2
	@false

# The rules of the zones.
ZONE_INFO     ?= /usr/share/zoneinfo
ZONES_SOURCE  := $(addprefix translators/model/,tables/make_zones.c zone_rules.c when.c)
ZONES_OBJECT  := $(BUILD)/translators/model/zone_tables.o
OBJECTS       += $(ZONES_OBJECT)

$(BUILD)/make_zones: $(ZONES_SOURCE) translators/model/zone_rules.h translators/model/when.h
	@mkdir -p $(@D)
	$(say) link $@
	$(Q)$(HOSTCC) -std=gnu11 -D_GNU_SOURCE -O1 $(WARNINGS) -I. -o $@ $(ZONES_SOURCE)

$(BUILD)/translators/model/zone_tables.c: $(BUILD)/make_zones $(ZONE_INFO)/tzdata.zi
	@mkdir -p $(@D)
	$(say) make $@
	$(Q)$(BUILD)/make_zones $(ZONE_INFO) > $@.new
	$(Q)mv $@.new $@

$(ZONES_OBJECT): $(BUILD)/translators/model/zone_tables.c translators/model/zone_tables.h \
                 translators/model/zone_rules.h $(BUILD)/flags
	$(say) compile $<
	$(Q)$(CC) $(ALL_CFLAGS) -c -o $@ $<

$(ZONE_INFO)/tzdata.zi:
	@echo "$@ is missing: deploy/install-deps installs tzdata" >&2
	@false

# How people of a country write dates, by ICU's locale data.
DATES_LOCALES := en_GB en_US de_DE fr_FR es_ES
DATES         := $(DATES_LOCALES:%=$(BUILD)/translators/base/tables/dates_%.def) \
                 $(patsubst %,$(BUILD)/translators/base/tables/countries_%.def,de_DE fr_FR es_ES)

$(BUILD)/make_dates: translators/model/tables/make_dates.c
	@mkdir -p $(@D)
	$(say) link $@
	$(Q)$(HOSTCC) -std=gnu11 -D_GNU_SOURCE -O1 $(WARNINGS) -o $@ $< $$(pkg-config --cflags --libs icu-i18n icu-uc)

$(BUILD)/translators/base/tables/dates_%.def: $(BUILD)/make_dates
	@mkdir -p $(@D)
	$(say) make $@
	$(Q)$(BUILD)/make_dates $* > $@.new
	$(Q)mv $@.new $@

$(BUILD)/translators/base/tables/countries_%.def: $(BUILD)/make_dates
	@mkdir -p $(@D)
	$(say) make $@
	$(Q)$(BUILD)/make_dates $* countries > $@.new
	$(Q)mv $@.new $@

$(BUILD)/translators/base/strings.o $(BUILD)/tests/unit/translators/base/strings_test.o: $(DATES)
