/* What the program and its reader agree on. */
// #region event
struct exec {
	unsigned int pid;
	unsigned int uid;
	char command[16];
};
// #endregion
