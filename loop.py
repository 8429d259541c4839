import subprocess,sys
for i in range(12):
    r=[subprocess.Popen(['/work/main/.venv/bin/python','-m','pytest','-n','0','-q','-x','-p','no:cacheprovider','tests/test_answers.py','tests/test_points.py','tests/test_garbage.py','tests/test_boards.py','tests/test_practice.py'],stdout=subprocess.PIPE,stderr=subprocess.STDOUT,text=True) for _ in range(2)]
    for p in r:
        out=p.communicate()[0]
        if p.returncode: print(i,p.returncode,out[-5500:]); sys.exit()
else: print("never")
