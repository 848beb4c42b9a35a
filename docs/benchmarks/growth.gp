# Draws growth.svg from growth.dat: gnuplot growth.gp (package gnuplot-nox).
set terminal svg size 760,340 font "sans-serif,12" background "white"
set output "growth.svg"
set logscale x
set xtics ("10,000" 10000, "100,000" 100000, "1,000,000" 1000000)
set xrange [7000:1400000]
set xlabel "files"
set grid ytics lc rgb "#dddddd"
set key top left
set multiplot layout 1,2
set title "time of the whole process, s"
set logscale y
set yrange [0.05:600]
set ytics (0.1, 1, 10, 100)
plot "growth.dat" using 1:($2/1000) with linespoints lw 2 pt 7 lc rgb "#1f5fa8" title "new library", \
     "growth.dat" using 1:($4/1000) with linespoints lw 2 pt 5 lc rgb "#c0632b" title "nothing has changed"
set title "resident memory at most, MiB"
unset logscale y
set yrange [0:70]
set ytics 0,10,70
plot "growth.dat" using 1:3 with linespoints lw 2 pt 7 lc rgb "#1f5fa8" title "new library", \
     "growth.dat" using 1:5 with linespoints lw 2 pt 5 lc rgb "#c0632b" title "nothing has changed"
unset multiplot
