# `make` alone lists what there is.
.PHONY: help test counts soak check bench deny needs fuzz
.DEFAULT_GOAL := help

help: ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

needs: ## install what the tests need on Debian or Ubuntu; elsewhere, name what is missing
	@sh .ci/needs

test: needs ## run all tests
	cargo test --locked

counts: needs ## count instructions, allocations and files of a fixed build, against benches/counts.toml
	cargo bench --locked --bench counts

soak: needs ## the same with thousands of random edits and a thousand kills; an hour or two
	BACKFILE_SEEDS=5000 BACKFILE_KILLS=1000 cargo test --locked --release --test it -- incremental interrupted
	BACKFILE_ROUNDS=200 cargo test --locked --release --test it -- publish_together identity_kept
	BACKFILE_INSTALLS=1 cargo test --locked --release --test it -- without_a_release

check: ## formatting, lints and documentation, with warnings as errors
	cargo fmt --check
	cargo clippy --locked --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps

bench: ## time builds of 1,000 and 10,000 articles
	cargo bench --locked

deny: ## licences, sources and known faults of all crates; needs `cargo install cargo-deny`
	cargo deny --locked check

SECONDS = 60
fuzz: ## hand mutilated files to each layout, SECONDS=60 each; needs a nightly compiler and `cargo install cargo-fuzz`
	@cd fuzz && for corpus in $$(ls corpus); do \
	  case $$corpus in raw_file) target=raw_file ;; *) target=layout ;; esac; \
	  mkdir -p ../target/tmp/fuzz/$$corpus && \
	  LAYOUT=$$corpus cargo +nightly fuzz run $$target ../target/tmp/fuzz/$$corpus corpus/$$corpus -- \
	    -max_total_time=$(SECONDS) -max_len=16384 -timeout=20 -rss_limit_mb=2048 -print_final_stats=1 || exit 1; \
	done
