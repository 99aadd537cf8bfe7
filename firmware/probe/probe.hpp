#pragma once

/// A program for the m4 gate: it links what a Cat will link, runs it in QEMU and prints what it
/// cost. Not the firmware.

namespace compot::probe {

void probe_crypto();
void probe_mesh();
void probe_node();

}  // namespace compot::probe
