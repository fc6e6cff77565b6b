/* What the program and its loader agree on. */
struct exit_event {
	int pid;
	int code;
	char command[16];
};
