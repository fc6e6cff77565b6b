// #region record
struct removal {
	unsigned int pid;
	char command[16];
	char name[64];
};
// #endregion
