// The emulator's side of the machine: what JavaScript calls (grader/machine/lab/emulator.ts), in place of Bochs's own main loop. A call
// runs for some of the guest's time and comes back, so that the page or the test around it stays alive. Between two calls all there is
// of the machine lies in this module's memory: a copy of that memory is its saved state.
#include "bochs.h"
#include "cpu/cpu.h"
#include "iodev/iodev.h"
#include "gui/gui.h"
#include "gui/siminterface.h"
#include "param_names.h"
#include "plugin.h"
#include <vector>

#ifdef __EMSCRIPTEN__
#include <emscripten.h>
#else
#define EMSCRIPTEN_KEEPALIVE
#endif

int bx_init_main(int argc, char *argv[]);
bool load_and_init_display_lib(void);
void bx_init_hardware(void);
extern bool simulate_xapic;

namespace {

// What goes through a serial port: bytes for the guest that it has not taken, and bytes of the guest that nobody has taken.
struct Line {
  std::vector<Bit8u> in, out;
  size_t taken = 0;
};
Line lines[2];

int slice = BX_NULL_TIMER_HANDLE;

void end_slice(void *)
{
  bx_stop_simulation();
}

// Bochs asks its user interface now and then; without an answer it would end.
BxEvent *agree(void *, BxEvent *event)
{
  event->retcode = 0;
  return event;
}

}  // namespace

// What the patched serial port asks for: the next byte from outside, or -1.
int machine_read(unsigned port)
{
  Line &line = lines[port & 1];
  if (line.taken == line.in.size())
    return -1;
  int byte = line.in[line.taken++];
  if (line.taken == line.in.size()) {
    line.in.clear();
    line.taken = 0;
  }
  return byte;
}

void machine_write(unsigned port, Bit8u byte)
{
  lines[port & 1].out.push_back(byte);
}

extern "C" {

// Makes the hardware, as /bochsrc describes it. The processor stands at its first instruction then.
EMSCRIPTEN_KEEPALIVE void machine_start(void)
{
  static char name[] = "bochs", quiet[] = "-q", option[] = "-f", file[] = "/bochsrc", *argv[] = { name, quiet, option, file, NULL };
  bx_startup_flags.argc = 4;
  bx_startup_flags.argv = argv;
  bx_init_siminterface();
  SIM->set_notify_callback(agree, NULL);
  bx_init_main(4, argv);
  SIM->opt_plugin_ctrl("*", 1);
  load_and_init_display_lib();
  bx_cpu_count = 1;
#if BX_SUPPORT_APIC
  simulate_xapic = true;
  apic_id_mask = 0xff;
#endif
  bx_init_hardware();
  SIM->set_init_done(1);
  slice = bx_pc_system.register_timer_ticks(NULL, end_slice, 1, false, false, "slice");
}

// Where in this module's memory the guest's page at a physical address is.
EMSCRIPTEN_KEEPALIVE Bit8u *machine_page(Bit32u address)
{
  return BX_MEM(0)->get_vector(address);
}

// Runs the guest for some ticks, one an instruction. Whether it waits for an interrupt at the end.
EMSCRIPTEN_KEEPALIVE int machine_run(Bit32u ticks)
{
  bx_pc_system.kill_bochs_request = 0;
  bx_pc_system.activate_timer_ticks(slice, ticks, false);
  BX_CPU(0)->cpu_loop();
  return BX_CPU(0)->activity_state != BX_CPU_C::BX_ACTIVITY_STATE_ACTIVE;
}

// Before a save: forgets what was decoded of the guest's instructions, which the processor does again, and which would be a third of all.
EMSCRIPTEN_KEEPALIVE void machine_settle(void)
{
  bxICache_c &cache = BX_CPU(0)->iCache;
  cache.flushICacheEntries();
  memset((void *)cache.mpool, 0, sizeof(cache.mpool));
  BX_CPU(0)->TLB_flush();
}

// Ticks so far.
EMSCRIPTEN_KEEPALIVE double machine_time(void)
{
  return (double)bx_pc_system.time_ticks();
}

// Room for bytes that go to the guest next by a port.
EMSCRIPTEN_KEEPALIVE Bit8u *machine_input(unsigned port, Bit32u length)
{
  std::vector<Bit8u> &in = lines[port & 1].in;
  in.resize(in.size() + length);
  return in.data() + in.size() - length;
}

// What the guest has sent by a port; machine_taken() forgets it.
EMSCRIPTEN_KEEPALIVE Bit8u *machine_output(unsigned port)
{
  return lines[port & 1].out.data();
}

EMSCRIPTEN_KEEPALIVE Bit32u machine_output_length(unsigned port)
{
  return lines[port & 1].out.size();
}

EMSCRIPTEN_KEEPALIVE void machine_taken(unsigned port)
{
  lines[port & 1].out.clear();
}

}  // extern "C"
