# frozen_string_literal: true

require "mkmf"

pkg_config("k8sc") or abort "k8sc is not installed, or pkg-config does not find it"
$CFLAGS << " -fvisibility=hidden -w"
create_makefile("k8sc/core")
